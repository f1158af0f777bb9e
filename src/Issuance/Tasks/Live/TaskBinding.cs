using System.Globalization;
using Spiffe.Agent.Attestation.Binding;
using Spiffe.Agent.Attestation.Peer;

namespace Spiffe.Agent.Issuance.Tasks.Live;

/// <summary>What one task hangs on: its process, and the cgroup, unit or container around that where the template says so. Held by descriptors, not by numbers.</summary>
internal sealed class TaskBinding : IDisposable
{
    private readonly bool _coversCgroup;
    private volatile ProcessPin? _pin;
    private int _letGo;

    /// <param name="process">Who does the work.</param>
    /// <param name="cgroup">What the task ends with; null: with the process.</param>
    /// <param name="coversCgroup">Whether everybody in it has the task's identity.</param>
    /// <param name="run">Which run of it; null of a process.</param>
    /// <param name="pin">What the process is; null: that is found out at its first call.</param>
    public TaskBinding(ProcessHold process, CgroupHold? cgroup, bool coversCgroup, InvocationKey? run, ProcessPin? pin)
    {
        Process = process;
        Cgroup = cgroup;
        Run = run;
        _coversCgroup = coversCgroup && cgroup is not null;
        _pin = pin;
    }

    public ProcessHold Process { get; }

    public CgroupHold? Cgroup { get; }

    public InvocationKey? Run { get; }

    /// <summary>Everybody in the cgroup has the identity: the process that began it may exit, and may become what it likes.</summary>
    public bool CoversCgroup => _coversCgroup;

    /// <summary>Whether the process is still starting: a child may exec until its first call, for nothing was given to it before.</summary>
    public bool IsStarting => _pin is null && !_coversCgroup;

    /// <summary>What it hangs on, for people.</summary>
    public string Shown => Run switch
    {
        { Kind: InvocationKind.SystemdUnit } run => $"unit {run.Name}",
        { Kind: InvocationKind.Container } run => $"container {run.Name}",
        { } run => $"cgroup {run.Name}",
        null => string.Create(CultureInfo.InvariantCulture, $"process {Process.Peer.ProcessId}"),
    };

    /// <summary>The cgroup that it hangs on; else the deepest one in which the process was when it was looked at last; empty: not known.</summary>
    public string CgroupPath => Cgroup?.Path ?? _pin?.Cgroups.Split('\n').Select(static line => line.Split(':', 3) is [_, _, var path] ? path : "").MaxBy(static path => path.Length) ?? "";

    /// <summary>Processes that did the work and still live: a list of a moment ago. Empty, once it was let go of.</summary>
    public IEnumerable<int> Survivors
    {
        get
        {
            try
            {
                return (Process.Peer.IsAlive ? [Process.Peer.ProcessId] : Array.Empty<int>()).Concat(Cgroup?.ProcessIds() ?? []).Distinct();
            }
            catch (ObjectDisposedException)
            {
                return [];
            }
        }
    }

    /// <summary>Completes when the work can only be over.</summary>
    public Task Gone => Cgroup?.Emptied ?? Process.Exited;

    /// <summary>How the process ended, once <see cref="Gone"/> is complete; null where nobody knows.</summary>
    public async ValueTask<ProcessExit?> ExitAsync() => Process.Exited.IsCompletedSuccessfully && await Process.Exited is { IsKnown: true } exit ? exit : null;

    /// <summary>Whether this caller does the work. False, where the cgroup decides, once it was let go of.</summary>
    public bool Covers(PeerProcess caller)
    {
        if (!_coversCgroup) return ProcessIdentity.Of(caller) == Process.Identity;
        try
        {
            return Cgroup!.Contains(caller);
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>What is different from when it was bound; nothing where the cgroup decides, or while it starts. <see cref="PinChange.Exited"/> once it was let go of.</summary>
    public PinChange Look()
    {
        try
        {
            if (_coversCgroup) return Cgroup!.IsEmpty ? PinChange.Exited : PinChange.None;
            return _pin?.Compare(Process.Peer) ?? (Process.Peer.IsAlive ? PinChange.None : PinChange.Exited);
        }
        catch (ObjectDisposedException)
        {
            return PinChange.Exited; // The task ended meanwhile.
        }
    }

    /// <summary>What it is now, to be held to by <see cref="HoldTo"/> once it was looked at more closely; null: it is gone, or cannot be looked at.</summary>
    public ProcessPin? Reading()
    {
        try
        {
            return ProcessPin.Take(Process.Peer, out _);
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
    }

    /// <summary>From now on it is held to that. False: it is something else again already.</summary>
    public bool HoldTo(ProcessPin reading)
    {
        try
        {
            if (reading.Compare(Process.Peer) != PinChange.None) return false;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }

        _pin = reading;
        return true;
    }

    /// <summary>What it is now is what it is held to from now on. False: it is gone, or cannot be looked at.</summary>
    public bool Pin()
    {
        if (_coversCgroup) return true;
        if (Reading() is not { } pin) return false;
        _pin = pin;
        return true;
    }

    /// <summary>Of a task that is over: lets go of it. What is kept goes only when both have said so, the task that it is over and its run that it has ended: whoever is still containing what it
    /// hung on is not left with closed descriptors.</summary>
    public void LetGo(bool isKept)
    {
        if (!isKept || Interlocked.Increment(ref _letGo) == 2) Dispose();
    }

    public void Dispose()
    {
        Process.Dispose();
        Cgroup?.Dispose();
    }
}
