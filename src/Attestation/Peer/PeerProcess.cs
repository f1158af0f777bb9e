using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Attestation.Native;
using Spiffe.Agent.Attestation.Proc;

namespace Spiffe.Agent.Attestation.Peer;

/// <summary>One process, held so that no other can be mistaken for it: an open /proc/PID, its start time, the ids it connected with, and a pidfd where there is one.</summary>
/// <remarks>Safe for use by several threads. Holds two descriptors until it is disposed.</remarks>
public sealed class PeerProcess : IDisposable
{
    private readonly SafeFileHandle? _pidFd;

    private PeerProcess(int pid, uint uid, uint gid, SafeFileHandle? pidFd, ProcessDirectory directory, ulong startTime)
    {
        ProcessId = pid;
        UserId = uid;
        GroupId = gid;
        StartTime = startTime;
        Directory = directory;
        _pidFd = pidFd;
    }

    /// <summary>Thread group id, in this process's pid namespace.</summary>
    public int ProcessId { get; }

    /// <summary>Effective user id when it connected.</summary>
    public uint UserId { get; }

    /// <summary>Effective group id when it connected.</summary>
    public uint GroupId { get; }

    /// <summary>Clock ticks (1/100 s) from boot to its start.</summary>
    public ulong StartTime { get; }

    /// <summary>Whether a pidfd holds the process; without one, liveness rests on /proc alone.</summary>
    public bool HasPidFd => _pidFd is not null;

    /// <summary>Whether this is still the process that connected, alive and with the same ids. See <see cref="Check"/> for the reason.</summary>
    public bool IsAlive => Check() == PeerRefusal.None;

    /// <summary>The name that the program gave itself; for people, never evidence.</summary>
    public string Command => Directory.ReadCommand();

    internal ProcessDirectory Directory { get; }

    /// <summary>This object's own, to be lent for a call; null where the kernel has none.</summary>
    internal SafeFileHandle? PidFd => _pidFd;

    /// <summary>What <see cref="WorkloadAttestor"/> found last, so that the same evidence need not be sorted and hashed again. Never believed: compared.</summary>
    internal AttestationResult.Attested? LastAttested { get; set; }

    /// <summary>The same of the kernel's part of it alone, which decides whether services are asked.</summary>
    internal AttestationResult.Attested? LastLocal { get; set; }

    /// <summary>What services said of it, for its live streams.</summary>
    internal ServiceEvidence Services => field ?? Interlocked.CompareExchange(ref field, new ServiceEvidence(), null) ?? field;

    /// <summary>Which process this is, as <see cref="Binding.ProcessIdentity.Of"/> found it: it does not change.</summary>
    internal Binding.ProcessIdentity? Identity { get; set; }

    /// <summary>The selectors of the ids above, as <see cref="Attestors.Unix.UnixAttestor"/> was asked for them last: they are the connection's own and do not change.</summary>
    internal Attestors.Unix.IdSelectors? IdSelectors { get; set; }

    /// <summary>Takes hold of the process that the kernel named when it connected.</summary>
    /// <param name="pid">From SO_PEERCRED.</param>
    /// <param name="uid">From SO_PEERCRED: the effective user id at connect time.</param>
    /// <param name="gid">From SO_PEERCRED: the effective group id at connect time.</param>
    /// <param name="pidFd">From SO_PEERPIDFD; duplicated, the caller keeps its own. Null where the kernel has none: then a process that took over the pid before this
    /// call cannot be told from the one that connected unless its ids differ.</param>
    /// <param name="peer">The process, when nothing is wrong with it.</param>
    /// <param name="refusal">Why there is none.</param>
    public static bool TryOpen(int pid, uint uid, uint gid, SafeFileHandle? pidFd, [NotNullWhen(true)] out PeerProcess? peer, out PeerRefusal refusal)
    {
        peer = null;
        refusal = PeerRefusal.PidNotVisible;
        if (pid <= 0) return false;
        SafeFileHandle? held = pidFd is null ? OpenPidFd(pid) : Duplicate(pidFd);
        return (pidFd is null || held is not null) && TryOpenHeld(pid, uid, gid, held, out peer, out refusal);
    }

    /// <summary>As above, with a pidfd that is this object's from here on; null is a kernel that has none.</summary>
    internal static bool TryOpenHeld(int pid, uint uid, uint gid, SafeFileHandle? held, [NotNullWhen(true)] out PeerProcess? peer, out PeerRefusal refusal)
    {
        peer = null;
        refusal = PeerRefusal.PidNotVisible;
        ProcessDirectory? directory = ProcessDirectory.TryOpen(pid);
        if (directory is null)
        {
            refusal = held is not null && HasExited(held) ? PeerRefusal.PeerExited : PeerRefusal.PidNotVisible;
            held?.Dispose();
            return false;
        }

        // The directory was opened by number. If the pidfd's process is alive after that, the number was its own all the while.
        bool read = directory.TryReadStat(out ProcessStat stat, out _);
        PeerProcess opened = new(pid, uid, gid, held, directory, stat.StartTime);
        refusal = read ? opened.Check<object?>(null, null, out _) : held is not null && HasExited(held) ? PeerRefusal.PeerExited : PeerRefusal.ProcUnreadable;
        if (refusal == PeerRefusal.None) peer = opened;
        else opened.Dispose();
        return peer is not null;
    }

    /// <summary>Takes hold of any process by its number, with the ids it has now: for <c>explain PID</c>, not for callers of a socket.</summary>
    public static bool TryOpen(int pid, [NotNullWhen(true)] out PeerProcess? peer, out PeerRefusal refusal)
    {
        peer = null;
        using ProcessDirectory? directory = ProcessDirectory.TryOpen(pid);
        if (directory is not null && directory.TryReadStatus<object?>(null, null, out ProcessStatus status, out _))
            return TryOpen(pid, status.EffectiveUserId, status.EffectiveGroupId, null, out peer, out refusal);
        refusal = PeerRefusal.PidNotVisible;
        return false;
    }

    /// <summary>When a process started, in clock ticks from boot; null when there is none, or only its zombie. For transports on kernels without pidfds.</summary>
    public static ulong? ReadStartTime(int pid)
    {
        using ProcessDirectory? directory = ProcessDirectory.TryOpen(pid);
        return directory is not null && directory.TryReadStat(out ProcessStat stat, out _) && !stat.HasExited ? stat.StartTime : null;
    }

    /// <summary>Looks again: is it alive, the same process, with the same ids? Some 2 µs; 20 µs where there is no pidfd.</summary>
    /// <remarks>That the pid leads its thread group was seen when it was opened, and stays so: execve(2) by another thread hands that thread the leader's pid.</remarks>
    public PeerRefusal Check()
    {
        if (_pidFd is null || !Directory.TryReadOwner(out uint uid, out uint gid)) return Check<object?>(null, null, out _);
        PeerRefusal running = CheckRunning();
        if (running != PeerRefusal.None) return running;
        return uid == UserId && gid == GroupId ? PeerRefusal.None : PeerRefusal.CredentialsChanged;
    }

    /// <summary>Whether the process runs, by the cheapest means: one poll of the pidfd, or a read of stat. Some 1 µs.</summary>
    internal PeerRefusal CheckRunning()
    {
        if (_pidFd is not null) return HasExited(_pidFd) ? PeerRefusal.PeerExited : PeerRefusal.None;
        if (!Directory.TryReadStat(out ProcessStat stat, out int error)) return Unreadable(error);
        if (stat.HasExited) return PeerRefusal.PeerExited;
        return stat.StartTime == StartTime && stat.ProcessId == ProcessId ? PeerRefusal.None : PeerRefusal.PidReused;
    }

    /// <summary>The whole check, made on one reading of status whose groups <paramref name="use"/> may see. Liveness comes last.</summary>
    internal PeerRefusal Check<TState>(TState state, GroupsReader<TState>? use, out ProcessStatus status)
    {
        if (!Directory.TryReadStatus(state, use, out status, out int error)) return Unreadable(error);
        if (status.ThreadGroupId != ProcessId || status.ProcessId != ProcessId) return PeerRefusal.NotThreadGroupLeader;
        // A leader that has exited while other threads go on is a zombie to status and alive to the pidfd: the pidfd knows better.
        if (_pidFd is null && status.HasExited) return PeerRefusal.PeerExited;
        PeerRefusal running = CheckRunning();
        if (running != PeerRefusal.None) return running;
        return status.EffectiveUserId == UserId && status.EffectiveGroupId == GroupId ? PeerRefusal.None : PeerRefusal.CredentialsChanged;
    }

    public void Dispose()
    {
        _pidFd?.Dispose();
        Directory.Dispose();
    }

    private PeerRefusal Unreadable(int error)
    {
        if (_pidFd is not null && HasExited(_pidFd)) return PeerRefusal.PeerExited;
        return error is Libc.NoProcess or Libc.NoEntry ? PeerRefusal.PeerExited : PeerRefusal.ProcUnreadable;
    }

    private static unsafe bool HasExited(SafeFileHandle pidFd)
    {
        bool added = false;
        try
        {
            pidFd.DangerousAddRef(ref added);
            PollFd poll = new() { Fd = (int)pidFd.DangerousGetHandle(), Events = Libc.PollIn };
            int ready;
            do ready = Libc.Poll(&poll, 1, 0);
            while (ready < 0 && Marshal.GetLastPInvokeError() == Libc.Interrupted);
            return ready != 0; // An error counts as exited: deny on doubt.
        }
        finally
        {
            if (added) pidFd.DangerousRelease();
        }
    }

    private static SafeFileHandle? Duplicate(SafeFileHandle pidFd)
    {
        int fd = Libc.Duplicate(pidFd, Libc.DuplicateCloseOnExec, 0);
        return fd < 0 ? null : new SafeFileHandle(fd, ownsHandle: true);
    }

    private static SafeFileHandle? OpenPidFd(int pid)
    {
        int fd = (int)Libc.SystemCall((nint)Libc.PidFdOpen, pid, 0);
        return fd < 0 ? null : new SafeFileHandle(fd, ownsHandle: true);
    }
}
