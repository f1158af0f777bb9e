using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Attestation.Proc;

namespace Spiffe.Agent.Attestation.Binding;

/// <summary>What a process was when something was bound to it: the file it runs and the execve(2) that began it, its effective ids, its cgroups. Immutable; some 20 µs to take
/// and to compare.</summary>
/// <remarks>It compares what the kernel says and judges none of it: whether a cgroup's name is evidence is for <see cref="CgroupReader"/>.</remarks>
public sealed class ProcessPin
{
    private readonly ProcessIdentity _identity;
    private readonly RunningFile? _file;
    private readonly ExecMark _mark;
    private readonly (uint User, uint Group) _ids;
    private readonly string _cgroups;
    private readonly ulong? _cgroupId;

    private ProcessPin(PeerProcess peer, ExecMark mark, (uint User, uint Group) ids, string cgroups, ulong? cgroupId)
    {
        _identity = ProcessIdentity.Of(peer);
        _file = RunningFile.Of(peer);
        _mark = mark;
        _ids = ids;
        _cgroups = cgroups;
        _cgroupId = cgroupId;
    }

    /// <summary>Whether an exec of another file shows. Without CAP_SYS_PTRACE it does not for processes of other users.</summary>
    public bool SeesExecutable => _file is not null;

    /// <summary>Whether an exec of the same file shows, where the kernel randomises addresses; needs the same.</summary>
    public bool SeesExec => _mark.IsReadable;

    /// <summary>The lines of /proc/PID/cgroup at that moment: where it was, for whoever looks for others there. No evidence.</summary>
    public string Cgroups => _cgroups;

    /// <summary>Takes it of a process that is alive and has the ids it connected with, or refuses.</summary>
    public static ProcessPin? Take(PeerProcess peer, out PeerRefusal refusal)
    {
        ArgumentNullException.ThrowIfNull(peer);
        refusal = PeerRefusal.ProcUnreadable;
        if (ExecMark.Of(peer) is not { } mark || IdsOf(peer) is not { } ids || CgroupText.Read(peer, out _) is not { } cgroups || !CgroupId.TryRead(peer, out ulong? id))
        {
            if (peer.CheckRunning() is not PeerRefusal.None and var gone) refusal = gone;
            return null;
        }

        ProcessPin pin = new(peer, mark, ids, cgroups, id);
        refusal = peer.Check(); // Liveness comes last.
        return refusal == PeerRefusal.None ? pin : null;
    }

    /// <summary>What is different now. <see cref="PinChange.Exited"/> when <paramref name="peer"/> is another process. What cannot be read any more has changed.</summary>
    public PinChange Compare(PeerProcess peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        if (ProcessIdentity.Of(peer) != _identity) return PinChange.Exited;
        PinChange change = PinChange.None;
        if (RunningFile.Of(peer) != _file || ExecMark.Of(peer) != _mark) change |= PinChange.Executable;
        if (IdsOf(peer) != _ids) change |= PinChange.Credentials;
        if (CgroupText.Read(peer, out _) != _cgroups || !CgroupId.TryRead(peer, out ulong? id) || id != _cgroupId) change |= PinChange.Cgroup;
        return peer.CheckRunning() == PeerRefusal.None ? change : PinChange.Exited;
    }

    /// <summary>The ids it has now, not those of its connection.</summary>
    private static (uint User, uint Group)? IdsOf(PeerProcess peer)
    {
        if (peer.Directory.TryReadOwner(out uint user, out uint group)) return (user, group);
        return peer.Directory.TryReadStatus<object?>(null, null, out ProcessStatus status, out _) ? (status.EffectiveUserId, status.EffectiveGroupId) : null;
    }
}
