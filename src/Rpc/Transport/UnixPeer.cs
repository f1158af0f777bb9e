using Microsoft.Win32.SafeHandles;

namespace Spiffe.Agent.Rpc.Transport;

/// <summary>The process at the other end of a Unix socket, as the kernel named it when it connected (SO_PEERCRED, SO_PEERPIDFD).</summary>
/// <remarks>Facts of the wire, no judgement: whether that process still lives and what it earns is decided elsewhere.</remarks>
/// <param name="ProcessId">Thread group id in this process's pid namespace; 0 when the peer lives in a pid namespace that is not visible from here.</param>
/// <param name="UserId">Effective user id at connect time.</param>
/// <param name="GroupId">Effective group id at connect time.</param>
/// <param name="PidFd">A pidfd of the connecting process, owned by the connection; null on kernels without SO_PEERPIDFD (before 6.5).</param>
public sealed record UnixPeer(int ProcessId, uint UserId, uint GroupId, SafeFileHandle? PidFd);
