using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Attestors.Systemd;
using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Tests.TestKit.Requirements;
using Spiffe.Agent.Tests.TestKit.Time;

namespace Spiffe.Agent.Tests.Integration.Attestation.Systemd;

/// <summary>What is made of the kernel's word and of systemd's, and that both must agree.</summary>
public sealed class SystemdAttestorTests
{
    [RequiresRootFact]
    public async Task Instance_of_a_template_has_every_selector_of_its_unit()
    {
        await using FakeBus bus = new();
        AttestorFindings findings = await Given.Attestor(bus.Path).AskAsync(needed: SelectorKinds.All);

        Assert.Equal(
            [
                "systemd:id:web@blue.service", "systemd:fragment_path:/etc/systemd/system/web@.service", "systemd:template:web@.service", "systemd:instance:blue",
                "systemd:slice:system-web.slice", "systemd:invocation_id:0102030405060708090a0b0c0d0e0f10",
            ],
            findings.Values());
        Assert.Empty(findings.Refused);
        Assert.Same(Given.InUnit, findings.Cgroup);
        Assert.All(findings.Evidence, item => Assert.Equal("D-Bus org.freedesktop.systemd1", item.Source));
    }

    [RequiresRootFact]
    public async Task Only_what_is_asked_for_is_given_and_asked()
    {
        await using FakeBus bus = new();
        AttestorFindings findings = await Given.Attestor(bus.Path).AskAsync(needed: Given.Kinds("fragment_path"));

        Assert.Equal(["systemd:fragment_path:/etc/systemd/system/web@.service"], findings.Values());
        Assert.Equal(["GetUnitByPIDFD", "Get", "Get", "Get"], bus.Calls);
    }

    [RequiresRootFact]
    public async Task Unit_without_a_file_and_without_an_invocation_has_no_selectors_of_them()
    {
        await using FakeBus bus = new();
        (bus.Systemd.FragmentPath, bus.Systemd.Invocation) = ("", []);

        AttestorFindings findings = await Given.Attestor(bus.Path).AskAsync(needed: Given.Kinds("id", "fragment_path", "invocation_id"));

        Assert.Equal(["systemd:id:web@blue.service"], findings.Values());
    }

    [RequiresRootTheory]
    [InlineData("a process in no unit")]
    [InlineData("a cgroup that is no evidence")]
    [InlineData("a machine without systemd")]
    public async Task Who_is_in_no_unit_costs_no_call(string who)
    {
        await using FakeBus bus = new();
        using PeerProcess self = Given.Self();
        SystemdAttestor attestor = who == "a machine without systemd"
            ? new SystemdAttestor(new SystemdOptions { BusSocket = bus.Path, BootedMarker = "/nowhere" }, new CgroupReader(new CgroupOptions()), TimeProvider.System)
            : Given.Attestor(bus.Path);
        CgroupReading docker = new("0::/docker/0", "/docker/0", CgroupPlace.Nowhere);

        AttestorFindings findings = who switch
        {
            "a machine without systemd" => await attestor.AttestAsync(self, SelectorKinds.All, CancellationToken.None),
            "a process in no unit" => await attestor.AskAsync(docker, SelectorKinds.All),
            _ => await attestor.AskAsync(docker with { Refusal = EvidenceRefusal.CgroupOutOfView }, SelectorKinds.All),
        };

        Assert.Empty(findings.Evidence);
        Assert.Equal(0, bus.Connections);
        if (who == "a cgroup that is no evidence") Assert.Equal(EvidenceRefusal.CgroupOutOfView, Assert.Single(findings.Refused).Reason);
        else Assert.Empty(findings.Refused);
    }

    [RequiresRootTheory]
    [InlineData("other.service", Given.Cgroup)]
    [InlineData("web@blue.service", "/system.slice/web@blue.service")]
    [InlineData("web@blue.service", "/system.slice/system-web.slice/web@blue.serv")]
    [InlineData("web@blue.service", "")]
    [InlineData("web@blue.service", "/")]
    public async Task Systemd_that_contradicts_the_kernel_is_not_believed_and_neither_is_the_kernel(string id, string cgroup)
    {
        await using FakeBus bus = new();
        (bus.Systemd.Id, bus.Systemd.ControlGroup) = (id, cgroup);

        AttestorFindings findings = await Given.Attestor(bus.Path).AskAsync(needed: SelectorKinds.All);

        Assert.Empty(findings.Evidence);
        Assert.Equal(EvidenceRefusal.RuntimeDisagrees, Assert.Single(findings.Refused).Reason);
    }

    [RequiresRootFact]
    public async Task Process_below_its_units_cgroup_is_in_the_unit()
    {
        await using FakeBus bus = new();
        CgroupReading below = Given.InUnit with { Path = Given.Cgroup + "/docker-" + new string('a', 64) + ".scope" };

        AttestorFindings findings = await Given.Attestor(bus.Path).AskAsync(below);

        Assert.Equal(["systemd:id:web@blue.service"], findings.Values());
    }

    [RequiresRootTheory]
    [InlineData("org.freedesktop.systemd1.NoUnitForPID")]
    [InlineData("org.freedesktop.systemd1.NoSuchProcess")]
    public async Task Process_that_systemd_does_not_know_is_refused_with_certainty(string error)
    {
        await using FakeBus bus = new();
        bus.Systemd.NoUnit = error;

        AttestorFindings findings = await Given.Attestor(bus.Path).AskAsync();

        Assert.Equal(EvidenceRefusal.NotKnownToRuntime, Assert.Single(findings.Refused).Reason);
        Assert.Empty(findings.Evidence);
    }

    [RequiresRootTheory]
    [InlineData("org.freedesktop.DBus.Error.UnknownMethod")]
    [InlineData("org.freedesktop.DBus.Error.AccessDenied")]
    public async Task Older_systemd_is_asked_by_number_and_only_once_by_pidfd(string error)
    {
        await using FakeBus bus = new();
        bus.Systemd.WithoutPidFds = error;
        SystemdAttestor attestor = Given.Attestor(bus.Path);

        AttestorFindings first = await attestor.AskAsync(needed: Given.Kinds("id", "invocation_id"));
        AttestorFindings second = await attestor.AskAsync(needed: Given.Kinds("id", "invocation_id"));

        Assert.Equal(first.Evidence, second.Evidence);
        Assert.Equal(["GetUnitByPIDFD", "GetUnitByPID", "GetUnitByPID"], bus.Calls.Where(member => member != "Get"));
    }

    [RequiresRootFact]
    public async Task Bus_that_passes_no_descriptors_is_asked_by_number()
    {
        await using FakeBus bus = new();
        bus.Login = "DATA\r\nOK 0123456789abcdef\r\nERROR\r\n";

        AttestorFindings findings = await Given.Attestor(bus.Path).AskAsync();

        Assert.Equal(["systemd:id:web@blue.service"], findings.Values());
        Assert.DoesNotContain("GetUnitByPIDFD", bus.Calls);
    }

    [RequiresRootFact]
    public async Task What_is_said_of_a_unit_is_remembered_for_a_second_and_its_invocation_not_at_all()
    {
        await using FakeBus bus = new();
        ManualTime time = new();
        SystemdAttestor attestor = Given.Attestor(bus.Path, time);
        _ = await attestor.AskAsync(needed: Given.Kinds("fragment_path"));
        int asked = bus.Calls.Count;
        bus.Systemd.FragmentPath = "/run/systemd/system/web@.service"; // As after a daemon-reload.

        AttestorFindings soon = await attestor.AskAsync(needed: Given.Kinds("fragment_path"));
        Assert.Equal(asked, bus.Calls.Count);
        time.Pass(TimeSpan.FromSeconds(1));
        AttestorFindings later = await attestor.AskAsync(needed: Given.Kinds("fragment_path"));
        bus.Systemd.Invocation = new byte[16]; // As after a restart.
        AttestorFindings run = await attestor.AskAsync(needed: Given.Kinds("invocation_id"));

        Assert.Equal(["systemd:fragment_path:/etc/systemd/system/web@.service"], soon.Values());
        Assert.Equal(["systemd:fragment_path:/run/systemd/system/web@.service"], later.Values());
        Assert.Equal([$"systemd:invocation_id:{new string('0', 32)}"], run.Values());
    }

    [RequiresRootFact]
    public async Task User_unit_carries_its_uid_and_needs_nobus()
    {
        await using FakeBus bus = new();
        CgroupReading reading = UserUnit((uint)0, "web.service");

        AttestorFindings findings = await Given.Attestor(bus.Path).AskAsync(reading, Given.Kinds("user_unit"));

        Assert.Equal(["systemd:user_unit:0:web.service"], findings.Values());
        Assert.Same(reading, findings.Cgroup);
        Assert.Equal(0, bus.Connections);
    }

    [RequiresRootFact]
    public async Task User_who_names_a_unit_like_the_machines_gets_the_users_selectors_and_not_the_machines()
    {
        await using FakeBus bus = new();
        bus.Systemd.Id = "user@0.service";
        bus.Systemd.ControlGroup = "/user.slice/user-0.slice/user@0.service";

        AttestorFindings findings = await Given.Attestor(bus.Path).AskAsync(UserUnit(0, "web@blue.service"), SelectorKinds.All);

        Assert.Contains("systemd:user_unit:0:web@blue.service", findings.Values());
        Assert.Contains("systemd:id:user@0.service", findings.Values());
        Assert.DoesNotContain("systemd:id:web@blue.service", findings.Values());
        Assert.DoesNotContain("systemd:instance:blue", findings.Values());
    }

    [RequiresRootFact]
    public async Task Process_of_another_user_gets_nothing_from_a_users_service_manager()
    {
        await using FakeBus bus = new();
        AttestorFindings findings = await Given.Attestor(bus.Path).AskAsync(UserUnit(1777, "web.service"), Given.Kinds("user_unit"));

        Assert.Empty(findings.Evidence);
        Assert.Equal(EvidenceRefusal.CgroupUser, Assert.Single(findings.Refused).Reason);
    }

    private static CgroupReading UserUnit(uint user, string unit)
    {
        string path = $"/user.slice/user-{user}.slice/user@{user}.service/app.slice/{unit}";
        return new CgroupReading("0::" + path, path, new CgroupPlace { Unit = $"user@{user}.service", Slice = $"user-{user}.slice", UserManager = user, UserUnit = unit });
    }
}
