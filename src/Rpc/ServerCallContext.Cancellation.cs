using Microsoft.AspNetCore.Http.Features;
using Spiffe.Agent.Rpc.Server;

namespace Spiffe.Agent.Rpc;

// Three things cancel a call: the client (RST_STREAM, or its connection closes), its deadline, and a server that stops.
public sealed partial class ServerCallContext
{
    private readonly ServerLifetime _lifetime;
    private CancellationTokenSource? _cancellation;
    private CancellationToken _aborted;
    private CancellationTokenRegistration _onAborted;
    private CancellationTokenRegistration _onStopping;
    private bool _streams;

    /// <summary>When the client stops waiting, in UTC; <see cref="DateTime.MaxValue"/> when it set no deadline.</summary>
    public DateTime Deadline { get; private set; } = DateTime.MaxValue;

    /// <summary>Cancelled when the client is gone, the deadline has passed or the server stops. Handlers must obey it: nothing else ends them.</summary>
    /// <remarks>Waiting with <see cref="ConfigureAwaitOptions.SuppressThrowing"/> and then asking the token saves an exception for each stream that ends.</remarks>
    public CancellationToken CancellationToken => (Volatile.Read(ref _cancellation) ?? Watch(Timeout.InfiniteTimeSpan)).Token;

    /// <summary>For reads that only a deadline or a stopping server must be able to interrupt; Kestrel itself interrupts them when the client goes.</summary>
    internal CancellationToken ReadToken => _cancellation?.Token ?? default;

    internal void ThrowIfAborted()
    {
        if (_aborted.IsCancellationRequested) throw new OperationCanceledException("the client has gone", _aborted);
    }

    private bool IsAborted => _features.GetRequiredFeature<IHttpRequestLifetimeFeature>().RequestAborted.IsCancellationRequested;

    private bool IsCancelled => _cancellation is { IsCancellationRequested: true };

    private CancellationTokenSource Watch(TimeSpan timeout)
    {
        if (_ended) throw new InvalidOperationException("the call has ended");
        CancellationTokenSource fresh = timeout == Timeout.InfiniteTimeSpan ? new() : new(timeout, _lifetime.Time);
        if (Interlocked.CompareExchange(ref _cancellation, fresh, null) is { } present)
        {
            fresh.Dispose();
            return present;
        }

        _aborted = _features.GetRequiredFeature<IHttpRequestLifetimeFeature>().RequestAborted;
        _onAborted = _aborted.UnsafeRegister(static s => ((CancellationTokenSource)s!).Cancel(), fresh);
        if (_streams) _onStopping = _lifetime.Stopping.UnsafeRegister(static s => ((CancellationTokenSource)s!).Cancel(), fresh);
        return fresh;
    }

    private Status CancellationStatus() =>
        IsAborted ? Status.DefaultCancelled
        : _streams && _lifetime.Stopping.IsCancellationRequested ? ServerLifetime.StoppingStatus
        : new Status(StatusCode.DeadlineExceeded, "the deadline has passed");

    private void Unwatch()
    {
        _onAborted.Dispose();
        _onStopping.Dispose();
        _cancellation?.Dispose();
    }
}
