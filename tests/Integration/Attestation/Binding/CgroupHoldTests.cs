using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Binding;
using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Tests.Integration.Attestation.Cgroups;

namespace Spiffe.Agent.Tests.Integration.Attestation.Binding;

/// <summary>Real cgroups of the unified hierarchy, named like units of systemd's, with real processes in them.</summary>
public sealed class CgroupHoldTests : IDisposable
{
    private readonly CgroupTree _tree = new(CgroupTree.Unified);
    private readonly CgroupReader _reader = new(new CgroupOptions());
    private readonly string _unit = $"/test-{Guid.NewGuid():N}.service";
    private readonly List<IDisposable> _held = [];

    public void Dispose()
    {
        foreach (IDisposable held in _held) held.Dispose();
        _tree.Dispose();
    }

    [CgroupFact]
    public void Process_in_the_unit_or_below_is_inside_and_no_other()
    {
        PeerProcess first = Sleep(_tree.Make(_unit));
        PeerProcess below = Sleep(_tree.Make($"{_unit}/below"));
        PeerProcess deep = Sleep(_tree.Make($"{_unit}/below/it"));
        PeerProcess namesake = Sleep(_tree.Make($"{_unit}.evil")); // Inside to who compares the beginnings of paths.
        PeerProcess inner = Sleep(_tree.Make($"/test-{Guid.NewGuid():N}.service{_unit}")); // Inside to who looks for the name.

        CgroupHold unit = Hold(first);

        Assert.Equal(_unit, unit.Path);
        Assert.True(unit.Contains(first));
        Assert.True(unit.Contains(below));
        Assert.True(unit.Contains(deep));
        Assert.False(unit.Contains(namesake));
        Assert.False(unit.Contains(inner));
        Assert.Equal([first.ProcessId, below.ProcessId, deep.ProcessId], unit.ProcessIds().Order());
        Assert.Equal(unit.Number, Hold(below).Number); // Whichever process of the unit it is held for.
    }

    [CgroupFact]
    public void Process_that_moves_within_stays_inside_and_one_that_leaves_does_not()
    {
        PeerProcess peer = Sleep(_tree.Make(_unit)), other = Sleep(_unit);
        CgroupHold unit = Hold(peer);

        _tree.Move(peer.ProcessId, _tree.Make($"{_unit}/own")); // As the process itself could, had it the rights.
        Assert.True(unit.Contains(peer));
        _tree.Move(peer.ProcessId, _tree.Make($"{_unit[..^8]}-refuge.service"));
        Assert.False(unit.Contains(peer));
        Assert.True(unit.Contains(other));
    }

    [CgroupFact]
    public async Task Cgroup_that_was_removed_and_made_again_is_another()
    {
        PeerProcess peer = Sleep(_tree.Make(_unit));
        CgroupReading before = _reader.Read(peer);
        CgroupHold unit = Hold(peer);

        _tree.Move(peer.ProcessId, _tree.Make("/test-refuge-" + _unit[6..]));
        await unit.Emptied.WaitAsync(Scene.Patience);
        _tree.Remove(_unit);
        Assert.True(unit.IsEmpty);
        Assert.Empty(unit.ProcessIds());
        _tree.Make(_unit);
        _tree.Move(peer.ProcessId, _unit);

        Assert.Equal(before.Path, _reader.Read(peer).Path); // The same to who compares paths.
        Assert.False(unit.Contains(peer));
        Assert.True(unit.IsEmpty);
        Assert.Equal(ContainOutcome.Gone, unit.Kill().Outcome);
        Assert.Equal(PeerRefusal.None, peer.Check());
        Assert.Null(CgroupHold.TryHold(before, CgroupScope.Unit, out CgroupHoldFault fault));
        Assert.Equal(CgroupHoldFault.Gone, fault);
        Assert.NotEqual(unit.Number, Hold(peer).Number);
    }

    [CgroupFact]
    public async Task Emptied_comes_with_the_end_of_the_last_process()
    {
        PeerProcess first = Sleep(_tree.Make(_unit)), last = Sleep(_tree.Make($"{_unit}/below"));
        CgroupHold unit = Hold(first);

        _tree.End(first.ProcessId);
        await Scene.UntilAsync(() => unit.ProcessIds().Count == 1);
        Assert.False(unit.IsEmpty);
        Assert.False(unit.Emptied.IsCompleted);

        _tree.End(last.ProcessId);
        await unit.Emptied.WaitAsync(Scene.Patience);
        Assert.True(unit.IsEmpty);
    }

    [CgroupFact]
    public async Task Who_asks_whether_it_is_empty_takes_the_news_from_nobody()
    {
        _tree.Make(_unit);
        for (int round = 0; round < 10; round++)
        {
            PeerProcess peer = Sleep(_unit);
            CgroupHold unit = Hold(peer);
            Task<bool> asking = Task.Run(() => SpinWait.SpinUntil(() => unit.IsEmpty, Scene.Patience)); // Reads the file whose change is the event.
            _tree.End(peer.ProcessId);
            Assert.True(await asking);
            await unit.Emptied.WaitAsync(Scene.Patience);
        }
    }

    [CgroupFact]
    public void Container_is_held_apart_from_the_unit_around_it()
    {
        string id = CgroupTree.NewId();
        PeerProcess podman = Sleep(_tree.Make(_unit)), inside = Sleep(_tree.Make($"{_unit}/libpod-payload-{id}")), below = Sleep(_tree.Make($"{_unit}/libpod-payload-{id}/init"));

        CgroupHold container = Hold(below, CgroupScope.Container), unit = Hold(below);

        Assert.Equal($"{_unit}/libpod-payload-{id}", container.Path);
        Assert.Equal(_unit, unit.Path);
        Assert.True(container.Contains(inside));
        Assert.True(container.Contains(below));
        Assert.False(container.Contains(podman));
        Assert.True(unit.Contains(podman));
        Assert.Equal(InvocationKey.OfContainer(_reader.Read(inside)), InvocationKey.OfContainer(_reader.Read(below)));
        Assert.Equal($"Podman/{id}", InvocationKey.OfContainer(_reader.Read(below))!.Name);
        Assert.Null(InvocationKey.OfContainer(_reader.Read(podman)));
    }

    [CgroupFact]
    public async Task Zombie_does_not_keep_a_cgroup_alive()
    {
        using Scene scene = new();
        int parent = scene.Start();
        int child = await scene.SpawnAsync(parent, "fork");
        _tree.Move(child, _tree.Make(_unit));
        CgroupHold unit = Hold(scene.Open(child));

        scene.Hold(child).Kill();

        await unit.Emptied.WaitAsync(Scene.Patience);
        Assert.Equal('Z', Scene.StateOf(child));
        Assert.Empty(unit.ProcessIds());
    }

    [CgroupFact]
    public void Cgroup_that_a_user_may_write_is_not_held()
    {
        const uint User = 4711;
        PeerProcess peer = Sleep(_tree.Make(_unit));
        CgroupReading reading = _reader.Read(peer);
        Hold(peer);

        CgroupTree.Run("chown", $"{User}", $"{CgroupTree.Unified}{_unit}/cgroup.procs"); // Its directory is root's still.
        Delegated();
        CgroupTree.Run("chown", "0", $"{CgroupTree.Unified}{_unit}/cgroup.procs");
        Hold(peer);
        _tree.SetMode(_unit, (UnixFileMode)0b111_111_111);
        Delegated();
        _tree.SetMode(_unit, (UnixFileMode)0b111_101_101);
        _tree.Give(_unit, User);
        Delegated();

        void Delegated()
        {
            Assert.Null(CgroupHold.TryHold(reading, CgroupScope.Unit, out CgroupHoldFault fault));
            Assert.Equal(CgroupHoldFault.Delegated, fault);
        }
    }

    [CgroupFact]
    public void Cgroup_below_one_that_a_user_may_write_is_not_held()
    {
        PeerProcess peer = Sleep(_tree.Make($"{_unit}/made/by"));
        _tree.Give(_unit, 4711);

        Assert.Null(CgroupHold.TryHold(_reader.Read(peer), CgroupScope.Own, out CgroupHoldFault fault));
        Assert.Equal(CgroupHoldFault.Delegated, fault);
    }

    [CgroupFact]
    public void Own_cgroup_is_the_one_that_the_process_is_in()
    {
        string own = _tree.Make($"{_unit}/jobs/7");
        PeerProcess peer = Sleep(own), sibling = Sleep(_tree.Make($"{_unit}/jobs/70")), above = Sleep(_unit);

        CgroupHold job = Hold(peer, CgroupScope.Own);

        Assert.Equal(own, job.Path);
        Assert.True(job.Contains(peer));
        Assert.False(job.Contains(sibling));
        Assert.False(job.Contains(above));
    }

    [CgroupFact]
    public void Login_session_and_what_a_users_service_manager_makes_are_not_held()
    {
        foreach (string path in (string[])["session-3.scope", $"test-{Guid.NewGuid():N}.slice"])
        {
            string slice = "/user.slice/user-987654.slice";
            PeerProcess peer = Sleep(_tree.Make(path.EndsWith(".slice", StringComparison.Ordinal) ? slice : $"{slice}/{path}"));
            Assert.Null(CgroupHold.TryHold(_reader.Read(peer), CgroupScope.Own, out CgroupHoldFault fault));
            Assert.Equal(CgroupHoldFault.LoginSession, fault);
        }
    }

    [CgroupFact]
    public void Root_cgroup_is_not_held()
    {
        PeerProcess peer = Sleep(_tree.Make(_unit));
        CgroupReading reading = _reader.Read(peer) with { Path = "/", Place = CgroupPlace.Nowhere };
        Assert.Null(CgroupHold.TryHold(reading, CgroupScope.Own, out CgroupHoldFault fault));
        Assert.Equal(CgroupHoldFault.RootCgroup, fault);
    }

    [CgroupFact]
    public void What_is_not_there_or_not_believed_is_not_held()
    {
        PeerProcess peer = Sleep(_tree.Make(_unit));
        CgroupReading reading = _reader.Read(peer);
        Assert.Null(CgroupHold.TryHold(reading, CgroupScope.Container, out CgroupHoldFault fault));
        Assert.Equal(CgroupHoldFault.NoSuchPlace, fault);
        Assert.Null(CgroupHold.TryHold(reading with { Refusal = EvidenceRefusal.CgroupAmbiguous }, CgroupScope.Unit, out fault));
        Assert.Equal(CgroupHoldFault.NotEvidence, fault);
    }

    [CgroupFact]
    public async Task Thousand_holds_leave_no_descriptor_behind()
    {
        PeerProcess peer = Sleep(_tree.Make(_unit));
        CgroupReading reading = _reader.Read(peer);
        CgroupHold[] holds = [.. Enumerable.Range(0, 1000).Select(_ => CgroupHold.TryHold(reading, CgroupScope.Unit, out CgroupHoldFault _)!)];
        Assert.All(holds, Assert.NotNull);
        Assert.True(Descriptors() >= 2000);

        foreach (CgroupHold hold in holds.AsSpan(0, 500)) hold.Dispose();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => holds[0].Emptied);
        _tree.End(peer.ProcessId);
        await Task.WhenAll(holds.AsSpan(500).ToArray().Select(h => h.Emptied)).WaitAsync(Scene.Patience);
        foreach (CgroupHold hold in holds.AsSpan(500)) hold.Dispose();

        Assert.Equal(0, Descriptors());

        int Descriptors() => Directory.GetFileSystemEntries("/proc/self/fd").Count(fd => new FileInfo(fd).LinkTarget is { } target && target.Contains(_unit, StringComparison.Ordinal));
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
