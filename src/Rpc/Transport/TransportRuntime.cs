using Microsoft.Extensions.Logging;
using Spiffe.Agent.Rpc.Transport.Events;
using Spiffe.Agent.Rpc.Transport.Memory;

namespace Spiffe.Agent.Rpc.Transport;

/// <summary>What all sockets of one transport share.</summary>
internal sealed record TransportRuntime(
    UnixTransportOptions Options, EventLoop[] Loops, SecretMemoryPool Memory, ConnectionQuota Quota, TimeProvider Clock, ILogger Log)
{
    private int _next;

    /// <summary>The loop for the next connection, in turn.</summary>
    internal EventLoop NextLoop() => Loops[(int)(unchecked((uint)Interlocked.Increment(ref _next)) % (uint)Loops.Length)];
}
