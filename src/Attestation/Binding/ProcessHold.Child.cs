using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Attestation.Proc;

namespace Spiffe.Agent.Attestation.Binding;

// A process that its parent names. The number alone is worth nothing: what counts is that the kernel says so of two processes that are held.
public sealed partial class ProcessHold
{
    private const uint Root = 0;
    private static readonly int[] ParentId = [4];

    /// <summary>Takes hold of a child of <paramref name="parent"/>: a live process whose parent is that very process now, with the parent's effective user id, or any if that is root.</summary>
    /// <remarks><para>The argument. The child is held first (pidfd and /proc directory are of one process, <see cref="PeerProcess.TryOpen(int, out PeerProcess?, out PeerRefusal)"/>);
    /// of that process the kernel then tells the number of its parent; then the parent is seen alive. A pid stays its process's own until that is reaped, so at the time of
    /// telling the number was the parent's. Whoever else has taken the number of a dead child is somebody else's child, or a child all the same.</para>
    /// <para>A process is a child of whoever forked it, or, that one gone, of the nearest subreaper above (PR_SET_CHILD_SUBREAPER) or init: who asked for orphans owns them.</para></remarks>
    /// <param name="parent">The caller.</param>
    /// <param name="childPid">As the parent's own pid namespace numbers it: what its fork(2) returned. In a namespace of its own, as in a container, the parent has few enough
    /// children to be looked through, and the kernel (CONFIG_PROC_CHILDREN) tells which they are.</param>
    /// <param name="refusal">Why there is none.</param>
    public static ProcessHold? TryHoldChild(PeerProcess parent, int childPid, out PeerRefusal refusal)
    {
        ArgumentNullException.ThrowIfNull(parent);
        refusal = PeerRefusal.PidFdMissing;
        if (!parent.HasPidFd) return null;
        refusal = PeerRefusal.NotAChild;
        if (ChildNumbers.Translate(parent, childPid) is not { } here || !PeerProcess.TryOpen(here, out PeerProcess? child, out refusal)) return null;
        refusal = RefuseChild(parent, child);
        if (refusal == PeerRefusal.None && !ChildNumbers.IsCalled(parent, child, childPid)) refusal = PeerRefusal.NotAChild;
        if (refusal == PeerRefusal.None) return Watch(child, out refusal);
        child.Dispose();
        return null;
    }

    /// <summary>Evidence first, liveness last: of the child, and then of the parent.</summary>
    private static PeerRefusal RefuseChild(PeerProcess parent, PeerProcess child)
    {
        if (!child.HasPidFd) return PeerRefusal.PidFdMissing;
        Span<ulong> parentId = stackalloc ulong[1];
        if (!StatFields.TryRead(child.Directory, ParentId, parentId)) return child.CheckRunning() is not PeerRefusal.None and var exited ? exited : PeerRefusal.ProcUnreadable;
        PeerRefusal alive = child.Check();
        if (alive == PeerRefusal.None) alive = parent.Check();
        if (alive != PeerRefusal.None) return alive;
        if (parentId[0] != (ulong)parent.ProcessId) return PeerRefusal.NotAChild;
        return parent.UserId == Root || child.UserId == parent.UserId ? PeerRefusal.None : PeerRefusal.ChildOfAnotherUser;
    }
}
