using Microsoft.Win32.SafeHandles;

namespace Spiffe.Agent.Rpc.Transport;

/// <summary>The process at the other end of a Unix socket, as the kernel named it when it connected (SO_PEERCRED, SO_PEERPIDFD).</summary>
/// <remarks>Facts of the wire, no judgement: what the process earns is decided elsewhere. Set as a feature of each connection: <c>connection.Features.Get&lt;UnixPeer&gt;()</c>.</remarks>
/// <param name="ProcessId">Thread group id in this process's pid namespace; never 0 on an accepted connection.</param>
/// <param name="UserId">Effective user id at connect time.</param>
/// <param name="GroupId">Effective group id at connect time.</param>
/// <param name="PidFd">A pidfd of the connecting process, owned by the connection and closed with it; null where the kernel has none to give.</param>
public sealed record UnixPeer(int ProcessId, uint UserId, uint GroupId, SafeFileHandle? PidFd)
{
    /// <summary>How sure it is that <see cref="PidFd"/> is the process that connected.</summary>
    public PeerProof Proof { get; init; }
}
