using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Tests.Integration.Attestation.Cgroups;

/// <summary>Readings of real processes in real cgroups. The parent that Docker is said to use is this test's own, so that tests do not meet.</summary>
public sealed class RealCgroupTests : IDisposable
{
    private readonly CgroupTree _tree = new(CgroupTree.Unified);
    private readonly string _parent = $"/test-{Guid.NewGuid():N}";
    private readonly string _id = CgroupTree.NewId();
    private readonly CgroupReader _reader;

    public RealCgroupTests() => _reader = new CgroupReader(new CgroupOptions { DockerParents = [_parent] });

    public void Dispose() => _tree.Dispose();

    [CgroupFact]
    public void Processes_of_one_container_are_known_for_that()
    {
        string container = _tree.Make($"{_parent}/{_id}"), below = _tree.Make($"{container}/below"), another = _tree.Make($"{_parent}/{CgroupTree.NewId()}");
        using PeerProcess first = CgroupTree.Open(_tree.Sleep(container));
        using PeerProcess second = CgroupTree.Open(_tree.Sleep(below, uid: 4711));
        using PeerProcess third = CgroupTree.Open(_tree.Sleep(another));

        CgroupReading reading = _reader.Read(first);

        Assert.Null(reading.Refusal);
        Assert.Equal(container, reading.Path);
        Assert.Equal(new ContainerPlace(ContainerRuntime.Docker, _id, container), reading.Place.Container);
        Assert.True(CgroupReader.IsStill(reading, first));
        Assert.True(reading.IsSameContainer(_reader.ReadProcess(second.ProcessId)));
        Assert.False(reading.IsSameContainer(_reader.ReadProcess(third.ProcessId)));
    }

    [CgroupFact]
    public void Process_that_is_gone_is_refused()
    {
        string container = _tree.Make($"{_parent}/{_id}");
        int pid = _tree.Start(container, "cat");
        using PeerProcess peer = CgroupTree.Open(pid);
        CgroupReading reading = _reader.Read(peer);
        Assert.Null(reading.Refusal);

        _tree.End(pid);

        Assert.Equal(EvidenceRefusal.Unreadable, _reader.Read(peer).Refusal);
        Assert.False(CgroupReader.IsStill(reading, peer));
        Assert.False(reading.IsSameContainer(_reader.ReadProcess(pid)));
    }

    [CgroupFact]
    public async Task Process_that_is_moved_while_evidence_is_taken_is_refused()
    {
        string mine = _tree.Make($"{_parent}/{_id}"), victim = _tree.Make($"{_parent}/{CgroupTree.NewId()}");
        int pid = _tree.Sleep(victim);
        using PeerProcess peer = CgroupTree.Open(pid);
        MovingAttestor attestor = new(_reader, () => { });
        Assert.IsType<AttestationResult.Attested>(await AttestAsync());

        attestor = new(_reader, () => _tree.Move(pid, mine));
        Assert.Equal(PeerRefusal.CgroupChanged, Assert.IsType<AttestationResult.Refused>(await AttestAsync()).Reason);

        async Task<AttestationResult> AttestAsync() =>
            await new WorkloadAttestor([attestor], new AttestationOptions(), TimeProvider.System).AttestAsync(peer, SelectorKinds.All, CancellationToken.None);
    }

    [CgroupFact]
    public void Cgroup_that_was_removed_and_made_again_is_another()
    {
        string container = _tree.Make($"{_parent}/{_id}"), refuge = _tree.Make($"{_parent}/refuge");
        int pid = _tree.Sleep(container);
        using PeerProcess peer = CgroupTree.Open(pid);
        CgroupReading before = _reader.Read(peer);

        _tree.Move(pid, refuge);
        _tree.Remove(container);
        _tree.Make(container);
        _tree.Move(pid, container);

        CgroupReading after = _reader.Read(peer);
        Assert.Equal((before.Text, before.Path, before.Place), (after.Text, after.Path, after.Place));
        Assert.False(before.IsSameContainer(after));
        if (before.CgroupId is not null) Assert.False(CgroupReader.IsStill(before, peer)); // Linux 6.13.
    }

    [CgroupFact]
    public void Zombie_in_a_removed_cgroup_is_refused()
    {
        string container = _tree.Make($"{_parent}/{_id}");
        int parent = _tree.Start(container, "perl", "-e", "$| = 1; <STDIN>; my $p = fork; if (!$p) { sleep 600; exit } print \"$p\\n\"; sleep 600");
        _tree.Write(parent, "go");
        int child = int.Parse(_tree.Output(parent).ReadLine()!, System.Globalization.CultureInfo.InvariantCulture);
        using PeerProcess peer = CgroupTree.Open(child);
        CgroupReading reading = _reader.Read(peer);
        Assert.Null(reading.Refusal);

        CgroupTree.Run("kill", "-KILL", $"{child}");
        Assert.True(SpinWait.SpinUntil(() => !peer.IsAlive, TimeSpan.FromSeconds(30)));
        _tree.Move(parent, _tree.Make($"{_parent}/refuge"));
        Assert.True(SpinWait.SpinUntil(() => _tree.TryRemove(container), TimeSpan.FromSeconds(30)));

        Assert.Contains(_id, File.ReadAllText($"/proc/{child}/cgroup"), StringComparison.Ordinal);
        Assert.Equal(EvidenceRefusal.CgroupDeleted, _reader.Read(peer).Refusal);
        Assert.False(CgroupReader.IsStill(reading, peer));
    }

    /// <summary>Takes evidence, and then lets something happen.</summary>
    private sealed class MovingAttestor(CgroupReader reader, Action afterwards) : IAttestor
    {
        public string Type => "docker";

        public ValueTask<AttestorFindings> AttestAsync(PeerProcess peer, SelectorKinds needed, CancellationToken cancellationToken)
        {
            CgroupReading reading = reader.Read(peer);
            afterwards();
            EvidenceItem item = new(new Selector("docker", $"id:{reading.Place.Container!.Id}"), "test");
            return new ValueTask<AttestorFindings>(new AttestorFindings([item], []) { Cgroup = reading });
        }
    }
}
