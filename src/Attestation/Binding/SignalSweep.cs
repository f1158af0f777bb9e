using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Attestation.Native;
using Spiffe.Agent.Attestation.Proc;

namespace Spiffe.Agent.Attestation.Binding;

/// <summary>Stops, continues or kills every process of a cgroup by signals, for kernels that cannot do it at once.</summary>
/// <remarks>Nobody else is met: a pidfd is opened for each pid that is listed, then the cgroup is listed again. What is listed still, and alive to its pidfd, was in the cgroup then.
/// What is forked meanwhile is met in the next round; a process that forks faster than this looks outlives it, and the result says so.</remarks>
internal sealed class SignalSweep(SafeFileHandle cgroup, int signal)
{
    /// <summary>Rounds at most. Ours: one that forks as fast as it can is caught in a few.</summary>
    internal const int MaxRounds = 200;

    /// <summary>Processes held at once, a descriptor each. Ours.</summary>
    private const int Batch = 256;

    private readonly HashSet<int> _met = [];
    private string _fault = "";

    /// <summary>Rounds until none is left, or patience is.</summary>
    internal ContainResult Run()
    {
        long start = Environment.TickCount64;
        int left = -1;
        for (int round = 0; round < MaxRounds && Environment.TickCount64 - start < CgroupHold.Patience; round++)
        {
            left = Round();
            if (left == 0) return new ContainResult(ContainOutcome.Done, ContainMeans.Signals, _met.Count, "");
            CgroupFiles.Pause(Math.Min(1 + (round / 4), 20)); // A signal takes effect when its process is scheduled.
        }

        string detail = string.Create(CultureInfo.InvariantCulture, $"{(left < 0 ? "an unknown number" : left)} not yet after {Environment.TickCount64 - start} ms{_fault}");
        return new ContainResult(ContainOutcome.Incomplete, ContainMeans.Signals, _met.Count, detail);
    }

    /// <summary>Signals all that need it; returns how many that were, -1 when not all could be seen.</summary>
    internal int Round()
    {
        HashSet<int> listed = [];
        bool whole = CgroupSubtree.TryList(cgroup, listed);
        listed.Remove(Environment.ProcessId);
        int needed = 0;
        foreach (int[] batch in listed.Where(NeedsIt).Chunk(Batch))
        {
            needed += batch.Length;
            whole &= SignalAll(batch);
        }

        return whole ? needed : -1;
    }

    private bool SignalAll(int[] batch)
    {
        Dictionary<int, SafeFileHandle> held = new(batch.Length);
        try
        {
            bool whole = true;
            foreach (int pid in batch)
            {
                int fd = (int)Libc.SystemCall((nint)Libc.PidFdOpen, pid, 0);
                if (fd >= 0) held[pid] = new SafeFileHandle(fd, ownsHandle: true);
                else if (Marshal.GetLastPInvokeError() is var error && error != Libc.NoProcess) whole = Fail("pidfd_open", error);
            }

            HashSet<int> still = [];
            whole &= CgroupSubtree.TryList(cgroup, still);
            foreach ((int pid, SafeFileHandle pidFd) in held)
            {
                if (!still.Contains(pid)) continue;
                if (Libc.SystemCall((nint)Libc.PidFdSendSignal, pidFd, signal, 0, 0) == 0) _met.Add(pid);
                else if (Marshal.GetLastPInvokeError() is var error && error != Libc.NoProcess) whole = Fail("pidfd_send_signal", error);
            }

            return whole;
        }
        finally
        {
            foreach (SafeFileHandle pidFd in held.Values) pidFd.Dispose();
        }
    }

    /// <summary>Whether the signal has not taken effect: whoever is listed is to be killed; to be stopped or continued whoever is not yet.</summary>
    private bool NeedsIt(int pid)
    {
        if (signal == Libc.SignalKill) return true;
        using ProcessDirectory? directory = ProcessDirectory.TryOpen(pid);
        if (directory is null || !directory.TryReadStat(out ProcessStat stat, out _) || stat.HasExited) return false;
        return (stat.State == (byte)'T') != (signal == Libc.SignalStop);
    }

    private bool Fail(string call, int error)
    {
        _fault = string.Create(CultureInfo.InvariantCulture, $" ({call}: errno {error})");
        return false;
    }
}
