using Spiffe.Agent.Attestation.Binding;
using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Tests.Integration.Attestation.Cgroups;

namespace Spiffe.Agent.Tests.Integration.Attestation.Binding;

/// <summary>Containers that a runtime has put into v1 hierarchies alone, beside an empty unified one.</summary>
public sealed class LegacyCgroupHoldTests : IDisposable
{
    private const string Freezer = "freezer";
    private const string Pids = "pids";

    private readonly Dictionary<string, CgroupTree> _trees = new(StringComparer.Ordinal) { [Freezer] = new("/sys/fs/cgroup/freezer"), [Pids] = new("/sys/fs/cgroup/pids") };
    private readonly string _parent = $"/test-{Guid.NewGuid():N}";
    private readonly string _container;
    private readonly CgroupReader _reader;
    private readonly List<IDisposable> _held = [];

    public LegacyCgroupHoldTests()
    {
        _container = $"{_parent}/{CgroupTree.NewId()}";
        _reader = new CgroupReader(new CgroupOptions { DockerParents = [_parent] });
    }

    public void Dispose()
    {
        foreach (CgroupHold hold in _held.OfType<CgroupHold>())
        {
            hold.Thaw();
            hold.Kill();
        }

        foreach (IDisposable held in _held) held.Dispose();
        foreach (CgroupTree tree in _trees.Values) tree.Dispose();
    }

    [CgroupFact(Freezer)]
    public async Task Container_is_held_and_tells_when_it_has_emptied()
    {
        PeerProcess first = Sleep(Freezer, _container), below = Sleep(Freezer, $"{_container}/below"), other = Sleep(Freezer, _container + "0");
        CgroupHold container = Hold(first);
        Assert.False(container.IsUnified);
        Assert.True(container.Contains(first));
        Assert.True(container.Contains(below));
        Assert.False(container.Contains(other));
        Assert.Equal([first.ProcessId, below.ProcessId], container.ProcessIds().Order());

        _trees[Freezer].End(first.ProcessId);
        Assert.False(container.IsEmpty);
        _trees[Freezer].End(below.ProcessId);
        await container.Emptied.WaitAsync(Scene.Patience);
        Assert.Equal(PeerRefusal.None, other.Check());
    }

    [CgroupFact(Freezer)]
    public async Task Freezer_freezes_thaws_and_lets_the_killed_die()
    {
        PeerProcess peer = Sleep(Freezer, _container);
        CgroupHold container = Hold(peer);
        using ProcessHold process = ProcessHold.TryHold(peer, out _)!;

        Assert.Equal(new ContainResult(ContainOutcome.Done, ContainMeans.Freezer, 1, ""), container.Freeze());
        Assert.Equal("FROZEN\n", File.ReadAllText($"/sys/fs/cgroup/freezer{_container}/freezer.state"));
        Assert.False(process.Exited.IsCompleted);
        Assert.False(container.IsEmpty);
        Assert.Equal(ContainOutcome.Done, container.Thaw().Outcome);
        Assert.Equal("THAWED\n", File.ReadAllText($"/sys/fs/cgroup/freezer{_container}/freezer.state"));

        Assert.True(container.Freeze().IsDone);
        Assert.Equal(ContainOutcome.Done, container.Kill().Outcome); // What is frozen dies only when it is thawed.
        await process.Exited.WaitAsync(Scene.Patience);
        await container.Emptied.WaitAsync(Scene.Patience);
    }

    [CgroupFact(Freezer, Pids)]
    public async Task Signals_stop_and_kill_where_no_freezer_holds_the_same_processes()
    {
        PeerProcess peer = Sleep(Pids, _container), other = Sleep(Freezer, _container); // Of the same name, and somebody else's.
        CgroupHold container = Hold(peer);
        using ProcessHold process = ProcessHold.TryHold(peer, out _)!;

        Assert.Equal(new ContainResult(ContainOutcome.Done, ContainMeans.Signals, 1, ""), container.Freeze());
        Assert.Equal('T', Scene.StateOf(peer.ProcessId));
        Assert.NotEqual("FROZEN\n", File.ReadAllText($"/sys/fs/cgroup/freezer{_container}/freezer.state"));
        Assert.False(process.Exited.IsCompleted);
        Assert.Equal(ContainOutcome.Done, container.Thaw().Outcome);
        Assert.NotEqual('T', Scene.StateOf(peer.ProcessId));

        Assert.Equal(ContainOutcome.Done, container.Kill().Outcome);
        await process.Exited.WaitAsync(Scene.Patience);
        Assert.Equal(PeerRefusal.None, other.Check());
    }

    [CgroupFact(Freezer)]
    public void Cgroup_whose_members_a_user_may_choose_is_not_held()
    {
        PeerProcess peer = Sleep(Freezer, _container);
        CgroupReading reading = _reader.Read(peer);
        CgroupTree.Run("chown", "4711", $"/sys/fs/cgroup/freezer{_container}/tasks");
        Assert.Null(CgroupHold.TryHold(reading, CgroupScope.Container, out CgroupHoldFault fault));
        Assert.Equal(CgroupHoldFault.Delegated, fault);
    }

    [CgroupFact(Freezer)]
    public void Cgroup_that_was_removed_and_made_again_is_another()
    {
        PeerProcess peer = Sleep(Freezer, _container);
        CgroupReading before = _reader.Read(peer);
        CgroupHold container = Hold(peer);
        CgroupTree tree = _trees[Freezer];
        tree.Move(peer.ProcessId, tree.Make(_parent + "/refuge"));
        tree.Remove(_container);
        tree.Make(_container);
        tree.Move(peer.ProcessId, _container);

        Assert.Equal(before.Text, _reader.Read(peer).Text);
        Assert.False(container.Contains(peer));
        Assert.True(container.IsEmpty);
        Assert.Null(CgroupHold.TryHold(before, CgroupScope.Container, out CgroupHoldFault fault));
        Assert.Equal(CgroupHoldFault.Gone, fault);
        Assert.NotEqual(InvocationKey.OfContainer(before), InvocationKey.OfContainer(_reader.Read(peer)));
    }

    private PeerProcess Sleep(string hierarchy, string path)
    {
        PeerProcess peer = CgroupTree.Open(_trees[hierarchy].Sleep(_trees[hierarchy].Make(path)));
        _held.Add(peer);
        return peer;
    }

    private CgroupHold Hold(PeerProcess peer)
    {
        CgroupHold? hold = CgroupHold.TryHold(_reader.Read(peer), CgroupScope.Container, out CgroupHoldFault fault);
        Assert.Equal(CgroupHoldFault.None, fault);
        _held.Add(hold!);
        return hold!;
    }
}
