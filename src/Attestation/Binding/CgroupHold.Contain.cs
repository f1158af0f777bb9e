using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Attestation.Native;
using Spiffe.Agent.Attestation.Peer;

namespace Spiffe.Agent.Attestation.Binding;

// Everything in the cgroup and below it, what is forked meanwhile too. Each call waits until the kernel says that it is done, at most for Patience: not for an event loop.
public sealed partial class CgroupHold
{
    /// <summary>How long the kernel may take, in milliseconds. Ours: it takes a few, but for processes that wait uninterruptibly for a device.</summary>
    internal const int Patience = 2000;

    private volatile bool _stoppedBySignals;

    /// <summary>The process that must never be met: this one. Tests name another.</summary>
    internal int Spared { get; set; } = Environment.ProcessId;

    /// <summary>No process of it runs on until <see cref="Thaw"/>; all stay alive. By cgroup.freeze, the v1 freezer, or SIGSTOP, whichever there is first.</summary>
    public ContainResult Freeze()
    {
        if (Prepare(out int processes) is { } refusal) return refusal;
        if (IsUnified && CgroupFiles.Write(_directory, "cgroup.freeze\0"u8, "1"u8) == 0) return Await("frozen 1", processes);
        using LegacyFreezer? freezer = IsUnified ? null : LegacyFreezer.Find(_directory, Path);
        if (freezer is not null && freezer.TryFreeze()) return new ContainResult(ContainOutcome.Done, ContainMeans.Freezer, processes, "");
        freezer?.TryThaw();
        _stoppedBySignals = true;
        return new SignalSweep(_directory, Libc.SignalStop).Run();
    }

    /// <summary>Undoes <see cref="Freeze"/>.</summary>
    public ContainResult Thaw()
    {
        if (Prepare(out int processes) is { } refusal) return refusal;
        if (_stoppedBySignals)
        {
            _stoppedBySignals = false;
            return new SignalSweep(_directory, Libc.SignalContinue).Run();
        }

        if (IsUnified && CgroupFiles.Write(_directory, "cgroup.freeze\0"u8, "0"u8) == 0) return Await("frozen 0", processes);
        using LegacyFreezer? freezer = IsUnified ? null : LegacyFreezer.Find(_directory, Path);
        if (freezer is not null && freezer.TryThaw()) return new ContainResult(ContainOutcome.Done, ContainMeans.Freezer, processes, "");
        return new SignalSweep(_directory, Libc.SignalContinue).Run();
    }

    /// <summary>SIGKILL to all of it, frozen or not: by cgroup.kill (Linux 5.14), else by signals, repeated until none is left.</summary>
    public ContainResult Kill()
    {
        if (Prepare(out int processes) is { } refusal) return refusal;
        if (IsUnified && CgroupFiles.Write(_directory, "cgroup.kill\0"u8, "1"u8) == 0) return Await("populated 0", processes);

        // What is frozen forks no more; on v1 it dies only once it is thawed.
        bool frozen = IsUnified && CgroupFiles.Write(_directory, "cgroup.freeze\0"u8, "1"u8) == 0;
        using LegacyFreezer? freezer = IsUnified ? null : LegacyFreezer.Find(_directory, Path);
        SignalSweep sweep = new(_directory, Libc.SignalKill);
        if (freezer is not null)
        {
            _ = freezer.TryFreeze();
            sweep.Round();
            _ = freezer.TryThaw();
        }

        ContainResult result = sweep.Run();
        if (frozen) _ = CgroupFiles.Write(_directory, "cgroup.freeze\0"u8, "0"u8);
        return result;
    }

    /// <summary>Null when it may go ahead: there is something, and the daemon is not in it, which is so of no ancestor of its own cgroup.</summary>
    private ContainResult? Prepare(out int processes)
    {
        TryList(out HashSet<int> listed);
        processes = listed.Count;
        if (!PeerProcess.TryOpen(Spared, out PeerProcess? self, out PeerRefusal unknown)) return ContainResult.Refused($"the daemon cannot see itself: {unknown}");
        using (self)
        {
            if (listed.Contains(Spared) || Contains(self)) return ContainResult.Refused("the daemon is in it");
        }

        return IsEmpty ? ContainResult.Gone : null;
    }

    /// <summary>Waits until cgroup.events has this line, or nothing is left.</summary>
    private ContainResult Await(string line, int processes)
    {
        // A description of its own: events that are seen through one are not seen through another.
        using SafeFileHandle? events = CgroupFiles.TryOpen(_directory, "cgroup.events\0"u8, Libc.ReadOnly, out _);
        long start = Environment.TickCount64;
        while (events is not null)
        {
            string? text = CgroupFiles.ReadFlat(events, out _);
            if (text is null || CgroupFiles.Says(text, line) || CgroupFiles.Says(text, "populated 0")) break;
            int left = Patience - (int)(Environment.TickCount64 - start);
            if (left <= 0)
            {
                string detail = string.Create(CultureInfo.InvariantCulture, $"no \"{line}\" within {Patience} ms: {text.Trim().ReplaceLineEndings(", ")}");
                return new ContainResult(ContainOutcome.Incomplete, ContainMeans.Cgroup, processes, detail);
            }

            CgroupFiles.WaitForChange(events, left);
        }

        if (IsEmpty) _emptied.TrySetResult();
        return new ContainResult(ContainOutcome.Done, ContainMeans.Cgroup, processes, "");
    }
}
