using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Spiffe.Agent.Rpc.Transport.Events;
using Spiffe.Agent.Rpc.Transport.Memory;
using Spiffe.Agent.Rpc.Transport.Native;

namespace Spiffe.Agent.Rpc.Transport;

/// <summary>A Kestrel transport for Unix sockets that knows its peer: every byte it hands on was written by the process that connected, and each connection ends with that process.</summary>
/// <remarks>Register it as <see cref="IConnectionListenerFactory"/> and listen on a <see cref="UnixListenEndPoint"/>. Each connection has the features <see cref="UnixPeer"/> and
/// <c>IMemoryPoolFeature</c> (memory that is kept out of core dumps and zeroed). What it answers: docs/threat-model.md, "The peer".</remarks>
public sealed class UnixPeerTransportFactory : IConnectionListenerFactory, IConnectionListenerFactorySelector, IDisposable
{
    /// <summary>Descriptors left to the rest of the process when the connection limit is lowered to RLIMIT_NOFILE. Ours.</summary>
    private const int DescriptorsForOthers = 128;

    private const int DescriptorsPerConnection = 2;

    private readonly TransportRuntime _runtime;

    public UnixPeerTransportFactory(UnixTransportOptions options, TimeProvider clock, ILogger<UnixPeerTransportFactory> log)
    {
        ArgumentNullException.ThrowIfNull(options);
        int possible = MostConnections();
        if (possible < options.MaxConnections) Log.FewDescriptors(log, possible, options.MaxConnections);
        ConnectionQuota quota = new(Math.Min(possible, options.MaxConnections), options.MaxConnectionsPerUser);
        EventLoop[] loops = [.. Enumerable.Range(0, options.EventLoops).Select(number => new EventLoop(number, fault => Log.HandlerFailed(log, fault)))];
        _runtime = new TransportRuntime(options, loops, new SecretMemoryPool(options.WarmBlocks), quota, clock, log);
    }

    /// <summary>The counters as they are now.</summary>
    public UnixTransportSnapshot Snapshot() => _runtime.Quota.Snapshot();

    /// <inheritdoc/>
    public bool CanBind(EndPoint endpoint) => endpoint is UnixListenEndPoint;

    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        if (endpoint is not UnixListenEndPoint socket) throw new NotSupportedException($"this transport listens on {nameof(UnixListenEndPoint)} only");
        Log.Listening(_runtime.Log, socket.ToString(), _runtime.Options.MaxConnections, _runtime.Options.MaxConnectionsPerUser);
        return new ValueTask<IConnectionListener>(new UnixConnectionListener(socket, _runtime));
    }

    /// <summary>Stops the loops. Listeners and connections must have ended.</summary>
    public void Dispose()
    {
        foreach (EventLoop loop in _runtime.Loops) loop.Dispose();
    }

    private static unsafe int MostConnections()
    {
        ulong* limit = stackalloc ulong[2];
        if (Libc.GetLimit(Constants.LimitOpenFiles, limit) != 0 || limit[0] > int.MaxValue) return int.MaxValue;
        return Math.Max(1, ((int)limit[0] - DescriptorsForOthers) / DescriptorsPerConnection);
    }
}
