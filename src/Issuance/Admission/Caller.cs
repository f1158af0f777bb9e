using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Issuance.Freshness;

namespace Spiffe.Agent.Issuance.Admission;

/// <summary>The process behind one connection, held for as long as the connection lives.</summary>
/// <remarks>A peer that cannot be taken hold of is remembered as such: every call of its connection is refused for the same reason.</remarks>
public sealed class Caller : IDisposable
{
    private volatile bool _disposed;

    private Caller(PeerProcess? peer, PeerRefusal reason, int processId, uint userId)
    {
        Peer = peer;
        Reason = reason;
        ProcessId = processId;
        UserId = userId;
    }

    /// <summary>As the kernel named it at connect time.</summary>
    public int ProcessId { get; }

    /// <summary>Effective user id at connect time: whose budget its calls use.</summary>
    public uint UserId { get; }

    internal PeerProcess? Peer { get; }

    /// <summary>Why there is no <see cref="Peer"/>.</summary>
    internal PeerRefusal Reason { get; }

    /// <summary>What is believed of it now.</summary>
    internal Belief Belief { get; } = new();

    /// <summary>What keeps its evidence fresh while it has streams.</summary>
    internal LiveState Live { get; } = new();

    /// <summary>Whether its connection has ended.</summary>
    internal bool IsDisposed => _disposed;

    /// <summary>Takes hold of the process that the kernel named. The pidfd stays the connection's own.</summary>
    public static Caller Open(int processId, uint userId, uint groupId, SafeFileHandle? pidFd)
    {
        PeerProcess.TryOpen(processId, userId, groupId, pidFd, out PeerProcess? peer, out PeerRefusal reason);
        return new Caller(peer, reason, processId, userId);
    }

    public void Dispose()
    {
        _disposed = true;
        Peer?.Dispose();
    }
}
