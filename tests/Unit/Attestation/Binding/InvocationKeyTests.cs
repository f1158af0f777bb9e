using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Binding;
using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Tests.Unit.Attestation.Binding;

/// <summary>What tells one run of a unit or container from the next.</summary>
public sealed class InvocationKeyTests
{
    private const string Run = "0123456789abcdef0123456789abcdef";

    [Fact]
    public void Unit_is_known_by_its_name_and_invocation()
    {
        InvocationKey? key = OfUnit("id:nightly.service", $"invocation_id:{Run}", "slice:system.slice");
        Assert.Equal(new InvocationKey(InvocationKind.SystemdUnit, "nightly.service", Run), key);
        Assert.Equal($"SystemdUnit nightly.service {Run}", key!.ToString());
        Assert.NotEqual(key, OfUnit("id:nightly.service", $"invocation_id:f{Run[1..]}"));
    }

    [Fact]
    public void Unit_without_its_invocation_or_with_two_is_none()
    {
        Assert.Null(OfUnit("id:nightly.service"));
        Assert.Null(OfUnit($"invocation_id:{Run}"));
        Assert.Null(OfUnit("id:nightly.service", "invocation_id:short"));
        Assert.Null(OfUnit("id:nightly.service", "id:other.service", $"invocation_id:{Run}"));
        Assert.Null(InvocationKey.OfUnit(new SelectorSet([new Selector("docker", "id:nightly.service"), new Selector("docker", $"invocation_id:{Run}")])));
    }

    [Fact]
    public void Container_that_is_started_again_is_another_run_though_it_keeps_its_id()
    {
        InvocationKey first = InvocationKey.OfContainer(Reading(7))!, second = InvocationKey.OfContainer(Reading(8))!;
        Assert.Equal(InvocationKind.Container, first.Kind);
        Assert.Equal(first.Name, second.Name);
        Assert.NotEqual(first, second);
        Assert.Equal(first, InvocationKey.OfContainer(Reading(7)));
        Assert.StartsWith($"{ProcessIdentity.CurrentBoot:N}/", first.Run, StringComparison.Ordinal);
    }

    [Fact]
    public void Containers_of_other_runtimes_users_and_namespaces_are_others()
    {
        ContainerPlace place = Reading(7).Place.Container!;
        InvocationKey?[] keys =
        [
            Of(place), Of(place with { Runtime = ContainerRuntime.Podman }), Of(place with { Runtime = ContainerRuntime.Podman, RootlessUserId = 1000 }),
            Of(place with { Runtime = ContainerRuntime.Containerd, Namespace = "a" }), Of(place with { Runtime = ContainerRuntime.Containerd, Namespace = "b" }),
        ];
        Assert.All(keys, key => Assert.NotNull(key));
        Assert.Equal(keys.Length, keys.Distinct().Count());

        static InvocationKey? Of(ContainerPlace place) => InvocationKey.OfContainer(Reading(7) with { Place = new CgroupPlace { Container = place } });
    }

    [Fact]
    public void Reading_that_is_refused_or_of_no_container_is_none()
    {
        Assert.Null(InvocationKey.OfContainer(Reading(0)));
        Assert.Null(InvocationKey.OfContainer(Reading(7) with { Refusal = EvidenceRefusal.CgroupOwner }));
        Assert.Null(InvocationKey.OfContainer(Reading(7) with { Place = new CgroupPlace { Unit = "a.service" } }));
    }

    private static InvocationKey? OfUnit(params string[] values) => InvocationKey.OfUnit(new SelectorSet(values.Select(v => new Selector("systemd", v))));

    private static CgroupReading Reading(ulong inode) =>
        new("0::/docker/a\n", "/docker/a", new CgroupPlace { Container = new ContainerPlace(ContainerRuntime.Docker, "a", "/docker/a") }) { Inode = inode };
}
