using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Attestation.Binding;
using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Attestation.Native;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Tests.Integration.Attestation.Cgroups;

namespace Spiffe.Agent.Tests.Integration.Attestation.Binding;

/// <summary>Freezing and killing real cgroups, by what the kernel has for it and by signals.</summary>
public sealed class ContainTests : IDisposable
{
    /// <summary>Forks for as long as it lives, up to a hundred at a time, so that a machine whose test fails lives too.</summary>
    private const string ForkBomb = "$| = 1; <STDIN>; $SIG{CHLD} = 'IGNORE'; print \"go\\n\"; for (;;) { my $p = fork; if (defined $p && !$p) { for (1..3) { last if !fork } select undef, undef, undef, 0.02; exit } select undef, undef, undef, 0.001 }";

    private readonly CgroupTree _tree = new(CgroupTree.Unified);
    private readonly CgroupReader _reader = new(new CgroupOptions());
    private readonly string _unit = $"/test-{Guid.NewGuid():N}.service";
    private readonly List<IDisposable> _held = [];

    public void Dispose()
    {
        foreach (CgroupHold hold in _held.OfType<CgroupHold>())
        {
            hold.Thaw();
            hold.Kill();
        }

        foreach (IDisposable held in _held) held.Dispose();
        _tree.Dispose();
    }

    [CgroupFact]
    public async Task Frozen_cgroup_stands_still_alive_and_thaws()
    {
        int pid = _tree.Start(_tree.Make(_unit), "perl", "-e", "$| = 1; while (<STDIN>) { print }");
        PeerProcess below = Sleep(_tree.Make($"{_unit}/below"));
        CgroupHold unit = Hold(below);
        using ProcessHold process = ProcessHold.TryHold(below, out _)!;

        ContainResult frozen = unit.Freeze();

        Assert.Equal(new ContainResult(ContainOutcome.Done, ContainMeans.Cgroup, 2, ""), frozen);
        Assert.Contains("frozen 1", File.ReadAllText($"{CgroupTree.Unified}{_unit}/cgroup.events"), StringComparison.Ordinal);
        Assert.False(unit.IsEmpty);
        Assert.False(unit.Emptied.IsCompleted);
        Assert.False(process.Exited.IsCompleted);
        Assert.Equal(PeerRefusal.None, below.Check());
        Assert.True(unit.Contains(below));
        _tree.Write(pid, "late");
        Task<string?> answer = _tree.Output(pid).ReadLineAsync();

        Assert.Equal(ContainOutcome.Done, unit.Thaw().Outcome);
        Assert.Equal("late", await answer.WaitAsync(Scene.Patience));
    }

    [CgroupFact]
    public async Task Frozen_process_that_is_killed_exits()
    {
        PeerProcess peer = Sleep(_tree.Make(_unit));
        CgroupHold unit = Hold(peer);
        using ProcessHold process = ProcessHold.TryHold(peer, out _)!;
        Assert.True(unit.Freeze().IsDone);

        Assert.Equal(new ContainResult(ContainOutcome.Done, ContainMeans.Cgroup, 1, ""), unit.Kill());

        await process.Exited.WaitAsync(Scene.Patience);
        await unit.Emptied.WaitAsync(Scene.Patience);
        Assert.Equal(ContainOutcome.Gone, unit.Kill().Outcome);
        Assert.Equal(ContainOutcome.Gone, unit.Freeze().Outcome);
    }

    [CgroupFact]
    public async Task Fork_bomb_is_killed_at_once()
    {
        CgroupHold unit = await BombAsync();
        ContainResult result = unit.Kill();
        Assert.Equal((ContainOutcome.Done, ContainMeans.Cgroup), (result.Outcome, result.Means));
        Assert.True(unit.IsEmpty);
        await unit.Emptied.WaitAsync(Scene.Patience);
    }

    [CgroupFact]
    public async Task Fork_bomb_is_killed_by_signals_alone_or_the_result_says_what_is_left()
    {
        CgroupHold unit = await BombAsync();
        using SafeFileHandle directory = Open(unit.Path);

        ContainResult result = new SignalSweep(directory, Libc.SignalKill).Run();

        Assert.Equal(ContainMeans.Signals, result.Means);
        Assert.True(result.Processes > 0);
        Assert.True(result.Outcome == ContainOutcome.Done ? unit.IsEmpty : result.Detail.Length > 0, $"{result}");
    }

    [CgroupFact]
    public async Task Signals_stop_and_continue_all_of_a_cgroup_and_nobody_else()
    {
        PeerProcess inside = Sleep(_tree.Make(_unit)), below = Sleep(_tree.Make($"{_unit}/below")), outside = Sleep(_tree.Make("/test-other-" + _unit[6..]));
        CgroupHold unit = Hold(inside);
        using SafeFileHandle directory = Open(_unit);

        Assert.Equal(new ContainResult(ContainOutcome.Done, ContainMeans.Signals, 2, ""), new SignalSweep(directory, Libc.SignalStop).Run());
        Assert.Equal(('T', 'T'), (Scene.StateOf(inside.ProcessId), Scene.StateOf(below.ProcessId)));
        Assert.NotEqual('T', Scene.StateOf(outside.ProcessId));
        Assert.False(unit.IsEmpty);

        Assert.Equal(new ContainResult(ContainOutcome.Done, ContainMeans.Signals, 2, ""), new SignalSweep(directory, Libc.SignalContinue).Run());
        Assert.NotEqual('T', Scene.StateOf(inside.ProcessId));
        Assert.Equal(new ContainResult(ContainOutcome.Done, ContainMeans.Signals, 2, ""), new SignalSweep(directory, Libc.SignalKill).Run());
        await unit.Emptied.WaitAsync(Scene.Patience);
        Assert.Equal(PeerRefusal.None, outside.Check());
    }

    [CgroupFact]
    public void Cgroup_of_the_daemon_and_those_around_it_are_not_touched()
    {
        PeerProcess daemon = Sleep(_tree.Make($"{_unit}/daemon")), neighbour = Sleep(_unit), elsewhere = Sleep(_tree.Make($"{_unit}/elsewhere"));
        foreach (CgroupHold hold in (CgroupHold[])[Hold(daemon, CgroupScope.Own), Hold(neighbour)])
        {
            hold.Spared = daemon.ProcessId; // It stands for this process, which a test cannot put at risk.
            Assert.Equal(ContainOutcome.Refused, hold.Freeze().Outcome);
            Assert.Equal(ContainOutcome.Refused, hold.Kill().Outcome);
            Assert.Equal(ContainOutcome.Refused, hold.Thaw().Outcome);
            hold.Spared = Environment.ProcessId;
        }

        Assert.Equal(PeerRefusal.None, daemon.Check());
        Assert.Equal(PeerRefusal.None, neighbour.Check());
        CgroupHold below = Hold(elsewhere, CgroupScope.Own);
        below.Spared = daemon.ProcessId;
        Assert.Equal(ContainOutcome.Done, below.Kill().Outcome); // A cgroup beside the daemon's own is none of its ancestors.
    }

    private async Task<CgroupHold> BombAsync()
    {
        int pid = _tree.Start(_tree.Make(_unit), "perl", "-e", ForkBomb);
        PeerProcess peer = CgroupTree.Open(pid);
        _held.Add(peer);
        CgroupHold unit = Hold(peer);
        _tree.Write(pid, "go");
        Assert.Equal("go", await _tree.Output(pid).ReadLineAsync().WaitAsync(Scene.Patience));
        await Scene.UntilAsync(() => unit.ProcessIds().Count > 3);
        return unit;
    }

    private static SafeFileHandle Open(string path)
    {
        CgroupMount mount = new CgroupMounts().OfView(new CgroupLine(0, "", path))!;
        return mount.TryOpenDirectory(CgroupWalk.Bytes(path), out _, out _)!;
    }

    private PeerProcess Sleep(string path)
    {
        PeerProcess peer = CgroupTree.Open(_tree.Sleep(path));
        _held.Add(peer);
        return peer;
    }

    private CgroupHold Hold(PeerProcess peer, CgroupScope scope = CgroupScope.Unit)
    {
        CgroupHold? hold = CgroupHold.TryHold(_reader.Read(peer), scope, out CgroupHoldFault fault);
        Assert.Equal(CgroupHoldFault.None, fault);
        _held.Add(hold!);
        return hold!;
    }
}
