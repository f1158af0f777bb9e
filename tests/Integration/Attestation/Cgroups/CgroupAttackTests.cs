using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Attestation.Peer;

namespace Spiffe.Agent.Tests.Integration.Attestation.Cgroups;

/// <summary>Processes that put themselves where a victim's id is in their path. Each fools a naive locator first.</summary>
public sealed class CgroupAttackTests : IDisposable
{
    private const uint User = 61777;
    private const uint SubUser = 261777;

    private readonly CgroupTree _tree = new(CgroupTree.Unified);
    private readonly string _parent = $"/test-{Guid.NewGuid():N}";
    private readonly string _victim = CgroupTree.NewId();
    private readonly CgroupReader _reader;

    public CgroupAttackTests() => _reader = new CgroupReader(new CgroupOptions { DockerParents = [_parent] });

    public void Dispose() => _tree.Dispose();

    [CgroupFact]
    public void Pods_cgroup_within_another_pods_is_the_outer_pods()
    {
        string own = CgroupTree.NewId(), podA = Guid.NewGuid().ToString("D"), podB = Guid.NewGuid().ToString("D");
        string outer = $"/kubepods/burstable/pod{podA}/{own}";
        int pid = _tree.Sleep(_tree.Make($"{outer}/kubepods/burstable/pod{podB}/{_victim}"));

        Assert.Equal(_victim, CgroupTree.NaiveContainerOf(pid));
        Assert.Equal(new ContainerPlace(ContainerRuntime.Unknown, own, outer) { PodUid = podA }, _reader.ReadProcess(pid).Place.Container);
    }

    [CgroupFact]
    public void Scope_that_a_user_named_after_a_container_is_that_users_unit()
    {
        string manager = MakeManager(User), scope = _tree.Make($"{manager}/app.slice/docker-{_victim}.scope");
        Give(manager, $"{manager}/app.slice", scope);
        int pid = _tree.Sleep(scope, User);

        Assert.Equal(_victim, CgroupTree.NaiveContainerOf(pid) ?? Unprefixed(pid));
        CgroupPlace place = _reader.ReadProcess(pid).Place;
        Assert.Null(place.Container);
        Assert.Equal((User, $"docker-{_victim}.scope", $"user@{User}.service"), (place.UserManager, place.UserUnit, place.Unit));
    }

    [CgroupFact]
    public void Rootless_container_is_its_users_alone()
    {
        string manager = MakeManager(User), scope = _tree.Make($"{manager}/user.slice/libpod-{_victim}.scope"), inner = _tree.Make($"{scope}/container");
        Give(manager, $"{manager}/user.slice", scope, inner);

        CgroupReading own = _reader.ReadProcess(_tree.Sleep(inner, User));
        Assert.Equal(new ContainerPlace(ContainerRuntime.Podman, _victim, scope) { RootlessUserId = User }, own.Place.Container);

        Assert.Equal(EvidenceRefusal.CgroupUser, _reader.ReadProcess(_tree.Sleep(inner)).Refusal); // As sudo would be.
        Assert.Equal(EvidenceRefusal.CgroupUser, _reader.ReadProcess(_tree.Sleep(inner, User + 1)).Refusal);

        using PeerProcess mapped = CgroupTree.Open(SleepInNamespace(inner, User, SubUser));
        Assert.Equal(SubUser, mapped.UserId);
        Assert.Equal(User, _reader.Read(mapped).Place.Container?.RootlessUserId);

        using PeerProcess strange = CgroupTree.Open(SleepInNamespace(inner, User + 1, SubUser));
        Assert.Equal(EvidenceRefusal.CgroupUser, _reader.Read(strange).Refusal);
    }

    [CgroupFact]
    public void Cgroup_below_a_user_manager_that_another_user_owns_is_refused()
    {
        string manager = MakeManager(User), scope = _tree.Make($"{manager}/user.slice/libpod-{_victim}.scope");
        Give(manager, $"{manager}/user.slice");
        _tree.Give(scope, User + 1);
        Assert.Equal(EvidenceRefusal.CgroupOwner, _reader.ReadProcess(_tree.Sleep(scope, User)).Refusal);
    }

    [CgroupFact]
    public void Containers_directory_below_one_that_a_user_owns_is_refused()
    {
        string container = _tree.Make($"{_parent}/{_victim}");
        int pid = _tree.Sleep(container, User);
        Assert.Null(_reader.ReadProcess(pid).Refusal);

        _tree.Give(_parent, User);
        Assert.Equal(_victim, CgroupTree.NaiveContainerOf(pid));
        Assert.Equal(EvidenceRefusal.CgroupOwner, _reader.ReadProcess(pid).Refusal);

        _tree.Give(_parent, 0);
        _tree.SetMode(_parent, (UnixFileMode)0x1ff);
        Assert.Equal(EvidenceRefusal.CgroupOwner, _reader.ReadProcess(pid).Refusal);
    }

    [CgroupFact]
    public void Containers_own_directory_is_roots_or_its_own_roots()
    {
        string container = _tree.Make($"{_parent}/{_victim}");
        int foreign = _tree.Sleep(container, SubUser), own = SleepInNamespace(container, 0, SubUser);
        _tree.Give(container, SubUser);

        Assert.Equal(EvidenceRefusal.CgroupOwner, _reader.ReadProcess(foreign).Refusal);
        Assert.Equal(_victim, _reader.ReadProcess(own).Place.Container?.Id);
    }

    [CgroupFact]
    public void Container_within_a_unit_counts_only_if_the_unit_is_roots()
    {
        string name = $"test-{Guid.NewGuid():N}.service", unit = $"/system.slice/{name}", payload = _tree.Make($"{unit}/libpod-payload-{_victim}");
        int pid = _tree.Sleep(payload, User);
        Assert.Equal(_victim, _reader.ReadProcess(pid).Place.Container?.Id);

        Give(unit, payload); // Delegate= with User=: what is in it is that user's to name.
        CgroupPlace place = _reader.ReadProcess(pid).Place;
        Assert.Null(place.Container);
        Assert.Equal((name, "system.slice"), (place.Unit, place.Slice));
    }

    /// <summary>A mount namespace of its own with another file over its /proc/PID/cgroup, and over mountinfo.</summary>
    [CgroupFact]
    public void Mounts_of_the_workload_change_nothing()
    {
        string fake = Path.GetTempFileName();
        try
        {
            File.WriteAllText(fake, $"0::{_parent}/{_victim}\n");
            string own = CgroupTree.NewId();
            int pid = _tree.Start(_tree.Make($"{_parent}/{own}"), "unshare", "--mount", "--propagation", "private", "sh", "-c",
                $"mount --bind {fake} /proc/$$/cgroup && mount --bind {fake} /proc/$$/mountinfo && echo ready; read end");
            Assert.Equal("ready", _tree.Output(pid).ReadLine());

            Assert.Contains(_victim, CgroupTree.Run("nsenter", "-t", $"{pid}", "-m", "cat", $"/proc/{pid}/cgroup"), StringComparison.Ordinal);
            Assert.Equal(own, _reader.ReadProcess(pid).Place.Container?.Id);
        }
        finally
        {
            File.Delete(fake);
        }
    }

    private string MakeManager(uint user) => _tree.Make($"/user.slice/user-{user}.slice/user@{user}.service");

    private void Give(params string[] paths)
    {
        foreach (string path in paths) _tree.Give(path, User);
    }

    /// <summary>The id behind <c>docker-</c>, as locators find it that know the prefix.</summary>
    private static string? Unprefixed(int pid) =>
        File.ReadAllText($"/proc/{pid}/cgroup").Split("docker-") is [_, string rest] ? rest[..64] : null;

    /// <summary>A process that is root in a user namespace that <paramref name="owner"/> made, and <paramref name="root"/> outside of it.</summary>
    private int SleepInNamespace(string path, uint owner, uint root)
    {
        int maker = _tree.Start(path, "setpriv", $"--reuid={owner}", "--clear-groups", "unshare", "--user", "sh", "-c", "echo ready; read end");
        Assert.Equal("ready", _tree.Output(maker).ReadLine());
        File.WriteAllText($"/proc/{maker}/uid_map", $"0 {root} 1\n");
        File.WriteAllText($"/proc/{maker}/gid_map", $"0 {root} 1\n");
        int pid = _tree.Start(path, "nsenter", "-t", $"{maker}", "--user", "--setuid", "0", "--setgid", "0", "sh", "-c", "echo ready; read end");
        Assert.Equal("ready", _tree.Output(pid).ReadLine());
        return pid;
    }
}
