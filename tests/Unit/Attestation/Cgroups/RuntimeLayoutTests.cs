using Spiffe.Agent.Attestation.Cgroups;
using static Spiffe.Agent.Tests.Unit.Attestation.Cgroups.Paths;

namespace Spiffe.Agent.Tests.Unit.Attestation.Cgroups;

/// <summary>Every layout as runtimes and kubelets write it.</summary>
public sealed class RuntimeLayoutTests
{
    private static readonly CgroupLayouts Layouts = new(new CgroupOptions { DockerParents = ["/custom/parent", "/apps.slice/apps-web.slice"], ContainerdNamespaces = ["default", "prod"] });

    [Theory]
    [InlineData($"/docker/{A}", ContainerRuntime.Docker, 2)]
    [InlineData($"/docker/{A}/nested/by/container", ContainerRuntime.Docker, 2)]
    [InlineData($"/system.slice/docker-{A}.scope", ContainerRuntime.Docker, 2)]
    [InlineData($"/system.slice/docker-{A}.scope/init.scope", ContainerRuntime.Docker, 2)]
    [InlineData($"/custom/parent/{A}", ContainerRuntime.Docker, 3)]
    [InlineData($"/apps.slice/apps-web.slice/docker-{A}.scope", ContainerRuntime.Docker, 3)]
    [InlineData($"/libpod_parent/libpod-{A}", ContainerRuntime.Podman, 2)]
    [InlineData($"/libpod_parent/{B}/libpod-{A}", ContainerRuntime.Podman, 3)]
    [InlineData($"/machine.slice/libpod-{A}.scope", ContainerRuntime.Podman, 2)]
    [InlineData($"/machine.slice/libpod-{A}.scope/container", ContainerRuntime.Podman, 2)]
    [InlineData($"/machine.slice/machine-libpod_pod_{B}.slice/libpod-{A}.scope/container", ContainerRuntime.Podman, 3)]
    [InlineData($"/system.slice/web.service/libpod-payload-{A}", ContainerRuntime.Podman, 3)]
    [InlineData($"/machine.slice/podman-702.scope/libpod-payload-{A}", ContainerRuntime.Podman, 3)]
    public void Container_of_a_runtime_is_found(string path, ContainerRuntime runtime, int depth)
    {
        ContainerPlace container = Layouts.Locate(path).Place.Container!;
        Assert.Equal((runtime, A), (container.Runtime, container.Id));
        Assert.Equal(string.Join('/', path.Split('/')[..(depth + 1)]), container.Path);
        Assert.Null(container.RootlessUserId);
        Assert.Null(container.PodUid);
    }

    [Theory]
    [InlineData("/default/web", "default", "web")]
    [InlineData("/prod/web-1.blue/below", "prod", "web-1.blue")]
    [InlineData($"/default/{A}", "default", A)]
    public void Container_of_containerd_itself_is_found_in_the_namespaces_that_are_configured(string path, string space, string id)
    {
        ContainerPlace container = Layouts.Locate(path).Place.Container!;
        Assert.Equal((ContainerRuntime.Containerd, space, id), (container.Runtime, container.Namespace, container.Id));
    }

    [Theory]
    [InlineData($"/kubepods/pod{PodA}/{A}", ContainerRuntime.Unknown, PodA)]
    [InlineData($"/kubepods/burstable/pod{PodA}/{A}", ContainerRuntime.Unknown, PodA)]
    [InlineData($"/kubepods/besteffort/pod{PodA}/{A}/below", ContainerRuntime.Unknown, PodA)]
    [InlineData($"/kubepods/burstable/pod{StaticPod}/{A}", ContainerRuntime.Unknown, StaticPod)]
    [InlineData($"/kubepods/burstable/pod{PodA}/crio-{A}", ContainerRuntime.CriO, PodA)]
    [InlineData($"/kubelet/kubepods/burstable/pod{PodA}/{A}", ContainerRuntime.Unknown, PodA)]
    [InlineData($"/kubepods.slice/kubepods-pod{PodASlice}.slice/cri-containerd-{A}.scope", ContainerRuntime.Containerd, PodA)]
    [InlineData($"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{PodASlice}.slice/docker-{A}.scope", ContainerRuntime.Docker, PodA)]
    [InlineData($"/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod{PodASlice}.slice/crio-{A}.scope/container", ContainerRuntime.CriO, PodA)]
    [InlineData($"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{StaticPod}.slice/libpod-{A}.scope", ContainerRuntime.Podman, StaticPod)]
    [InlineData($"/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod{PodASlice}.slice/cri-containerd-{A}.scope", ContainerRuntime.Containerd, PodA)]
    [InlineData($"/system.slice/containerd.service/kubepods-besteffort-pod{PodASlice}.slice:cri-containerd:{A}", ContainerRuntime.Containerd, PodA)]
    public void Container_of_a_pod_is_found(string path, ContainerRuntime runtime, string pod)
    {
        ContainerPlace container = Layouts.Locate(path).Place.Container!;
        Assert.Equal((runtime, A, pod), (container.Runtime, container.Id, container.PodUid));
    }

    [Theory]
    [InlineData($"{Manager}/user.slice/libpod-{A}.scope", $"libpod-{A}.scope", 5)]
    [InlineData($"{Manager}/user.slice/libpod-{A}.scope/container", $"libpod-{A}.scope", 5)]
    [InlineData($"{Manager}/user.slice/user-libpod_pod_{B}.slice/libpod-{A}.scope/container", $"libpod-{A}.scope", 6)]
    [InlineData($"{Manager}/user.slice/podman-702.scope/libpod-payload-{A}", "podman-702.scope", 6)]
    [InlineData($"{Manager}/app.slice/web.service/libpod-payload-{A}", "web.service", 6)]
    public void Rootless_container_carries_its_user(string path, string unit, int depth)
    {
        Anchored found = Layouts.Locate(path);
        Assert.Equal((ContainerRuntime.Podman, A, 1777u), (found.Place.Container!.Runtime, found.Place.Container.Id, found.Place.Container.RootlessUserId));
        Assert.Equal((1777u, unit, "user@1777.service"), (found.Place.UserManager, found.Place.UserUnit, found.Place.Unit));
        Assert.Equal((depth, 3), (found.Depth, found.ManagerDepth));
    }

    [Theory]
    [InlineData("/init.scope", "init.scope", "-.slice")]
    [InlineData("/system.slice/web.service", "web.service", "system.slice")]
    [InlineData("/system.slice/web.service/worker/3", "web.service", "system.slice")]
    [InlineData("/system.slice/system-getty.slice/getty@tty1.service", "getty@tty1.service", "system-getty.slice")]
    [InlineData(@"/system.slice/system-app.slice/app@a\x2db.service", @"app@a\x2db.service", "system-app.slice")]
    [InlineData("/system.slice/_cpu.service", "cpu.service", "system.slice")]
    [InlineData("/system.slice/dev-hugepages.mount", "dev-hugepages.mount", "system.slice")]
    [InlineData("/apps.slice/apps-web.slice/apps-web-blue.slice/x.service", "x.service", "apps-web-blue.slice")]
    [InlineData("/web.service", "web.service", "-.slice")]
    [InlineData("/user.slice/user-1000.slice/session-3.scope", "session-3.scope", "user-1000.slice")]
    [InlineData("/machine.slice/machine-box.scope/payload/system.slice/inner.service", "machine-box.scope", "machine.slice")]
    [InlineData($"/machine.slice/libpod-conmon-{A}.scope", $"libpod-conmon-{A}.scope", "machine.slice")]
    [InlineData($"/kubepods.slice/kubepods-pod{PodASlice}.slice/crio-conmon-{A}.scope", $"crio-conmon-{A}.scope", $"kubepods-pod{PodASlice}.slice")]
    public void Unit_is_found_and_no_container(string path, string unit, string slice)
    {
        CgroupPlace place = Layouts.Locate(path).Place;
        Assert.Equal((unit, slice), (place.Unit, place.Slice));
        Assert.Null(place.Container);
        Assert.Null(place.UserManager);
    }

    [Theory]
    [InlineData(Manager, null)]
    [InlineData($"{Manager}/init.scope", "init.scope")]
    [InlineData($"{Manager}/app.slice/app-org.x.slice/web.service", "web.service")]
    [InlineData($"{Manager}/app.slice/web.service/below", "web.service")]
    [InlineData($"{Manager}/user.slice/libpod-conmon-{A}.scope", $"libpod-conmon-{A}.scope")]
    public void User_unit_carries_its_user(string path, string? unit)
    {
        CgroupPlace place = Layouts.Locate(path).Place;
        Assert.Equal((1777u, unit, "user@1777.service", "user-1777.slice"), (place.UserManager, place.UserUnit, place.Unit, place.Slice));
        Assert.Null(place.Container);
    }

    [Fact]
    public void Scope_of_a_container_is_its_unit_too()
    {
        CgroupPlace place = Layouts.Locate($"/machine.slice/libpod-{A}.scope/container").Place;
        Assert.Equal(($"libpod-{A}.scope", "machine.slice"), (place.Unit, place.Slice));
    }
}
