using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Cgroups;

namespace Spiffe.Agent.Tests.Integration.Attestation.Cgroups;

/// <summary>Controllers on v1 beside the unified hierarchy, as hybrid hosts have them.</summary>
public sealed class HybridHostTests : IDisposable
{
    private const uint User = 61778;

    private readonly CgroupTree _systemd = new("/sys/fs/cgroup/systemd"), _cpu = new("/sys/fs/cgroup/cpu"), _unified = new(CgroupTree.Unified);
    private readonly string _parent = $"/test-{Guid.NewGuid():N}";
    private readonly string _id = CgroupTree.NewId(), _victim = CgroupTree.NewId();
    private readonly CgroupReader _reader;

    public HybridHostTests() => _reader = new CgroupReader(new CgroupOptions { DockerParents = [_parent] });

    /// <summary>Those that hold the processes last: they end with it.</summary>
    public void Dispose()
    {
        _systemd.Dispose();
        _cpu.Dispose();
        _unified.Dispose();
    }

    [CgroupFact("systemd", "cpu")]
    public void Container_of_v1_controllers_counts_beside_an_empty_unified_hierarchy()
    {
        int pid = _systemd.Sleep(_systemd.Make($"{_parent}/{_id}"));
        _cpu.Move(pid, _cpu.Make($"{_parent}/{_id}"));
        CgroupReading reading = _reader.ReadProcess(pid);
        Assert.Equal((_id, $"{_parent}/{_id}"), (reading.Place.Container?.Id, reading.Path));
    }

    [CgroupFact("systemd", "cpu")]
    public void Hierarchies_that_name_two_containers_are_ambiguous()
    {
        int pid = _systemd.Sleep(_systemd.Make($"{_parent}/{_id}"));
        _cpu.Move(pid, _cpu.Make($"{_parent}/{_victim}"));
        Assert.NotNull(CgroupTree.NaiveContainerOf(pid));
        Assert.Equal(EvidenceRefusal.CgroupAmbiguous, _reader.ReadProcess(pid).Refusal);
    }

    /// <summary>v1 asks nothing of who is moved but that the mover may write to where he moves it.</summary>
    [CgroupFact("systemd", "cpu")]
    public void Container_that_a_user_may_enter_through_one_hierarchy_is_refused()
    {
        string container = _cpu.Make($"{_parent}/{_victim}");
        int pid = _cpu.Sleep(container, User);
        Assert.Equal(_victim, _reader.ReadProcess(pid).Place.Container?.Id);

        _cpu.SetMode($"{container}/tasks", (UnixFileMode)0x1b6);
        Assert.Equal(_victim, CgroupTree.NaiveContainerOf(pid));
        Assert.Equal(EvidenceRefusal.CgroupOwner, _reader.ReadProcess(pid).Refusal);

        _cpu.SetMode($"{container}/tasks", (UnixFileMode)0x1a4);
        _cpu.Give(container, User);
        Assert.Equal(EvidenceRefusal.CgroupOwner, _reader.ReadProcess(pid).Refusal);
    }

    [CgroupFact("systemd", "cpu")]
    public void Unit_with_a_user_of_its_own_counts_on_v2_and_not_on_v1()
    {
        string name = $"test-{Guid.NewGuid():N}.service", unit = $"/system.slice/{name}";
        int pid = _unified.Sleep(_unified.Make(unit), User);
        _unified.Give(unit, User);
        Assert.Equal(name, _reader.ReadProcess(pid).Place.Unit);

        int old = _systemd.Sleep(_systemd.Make(unit), User);
        Assert.Equal(name, _reader.ReadProcess(old).Place.Unit);
        _systemd.Give(unit, User);
        Assert.Equal(EvidenceRefusal.CgroupOwner, _reader.ReadProcess(old).Refusal);
    }

    /// <summary>As runc before 1.1 leaves it: the shim's children stay in containerd's unit in the unified hierarchy.</summary>
    [CgroupFact("systemd", "cpu")]
    public void Container_whose_process_was_left_behind_in_its_runtimes_unit_counts()
    {
        int pid = _systemd.Sleep(_systemd.Make($"{_parent}/{_id}"));
        _unified.Move(pid, _unified.Make("/system.slice/containerd.service"));
        CgroupReading reading = _reader.ReadProcess(pid);
        Assert.Equal((_id, null), (reading.Place.Container?.Id, reading.Place.Unit));

        _unified.Move(pid, _unified.Make($"/system.slice/test-{Guid.NewGuid():N}.service"));
        Assert.Equal(EvidenceRefusal.CgroupAmbiguous, _reader.ReadProcess(pid).Refusal);
    }
}
