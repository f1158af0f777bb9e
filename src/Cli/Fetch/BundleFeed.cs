using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Spiffe.Agent.Cli.Connection;
using Spiffe.Agent.Protocols.Workload;
using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Cli.Fetch;

/// <summary>Reads the three bundle streams as one.</summary>
internal static class BundleFeed
{
    /// <summary>A new whole whenever one of them changes, once all have answered. Ends as soon as one of them ends or fails.</summary>
    /// <exception cref="RpcException">A stream failed. An endpoint need not serve JWT or WIT bundles (Workload API §1, §7).</exception>
    public static async IAsyncEnumerable<BundleUpdate> OpenAsync(WorkloadClient client, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Channel<Func<BundleUpdate, BundleUpdate>> changes = Channel.CreateBounded<Func<BundleUpdate, BundleUpdate>>(1);
        Task readers = Task.WhenAll(
            ReadAsync(client.X509BundlesAsync(ended.Token), (all, x509) => all with { X509 = x509 }, null, changes, ended.Token),
            ReadAsync(client.JwtBundlesAsync(ended.Token), (all, jwt) => all with { Jwt = jwt }, new JWTBundlesResponse(), changes, ended.Token),
            ReadAsync(client.WitBundlesAsync(ended.Token), (all, wit) => all with { Wit = wit }, new WITBundlesResponse(), changes, ended.Token));
        try
        {
            BundleUpdate all = new(null, null, null);
            await foreach (Func<BundleUpdate, BundleUpdate> change in changes.Reader.ReadAllAsync(cancellationToken))
            {
                all = change(all);
                if (all.IsWhole) yield return all;
            }
        }
        finally
        {
            await ended.CancelAsync();
            await readers;
        }
    }

    // Every end of a stream goes into the channel: this task itself never fails.
    private static async Task ReadAsync<T>(
        IAsyncEnumerable<T> stream,
        Func<BundleUpdate, T, BundleUpdate> change,
        T? whenUnserved,
        Channel<Func<BundleUpdate, BundleUpdate>> changes,
        CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            await foreach (T message in stream) await changes.Writer.WriteAsync(all => change(all, message), cancellationToken);
            changes.Writer.TryComplete();
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unimplemented && whenUnserved is not null)
        {
            await changes.Writer.WriteAsync(all => change(all, whenUnserved), cancellationToken).AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException or ChannelClosedException)
        {
            changes.Writer.TryComplete(e);
        }
    }
}
