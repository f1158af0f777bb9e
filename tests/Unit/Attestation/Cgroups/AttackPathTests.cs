using Spiffe.Agent.Attestation.Cgroups;
using static Spiffe.Agent.Tests.Unit.Attestation.Cgroups.Paths;

namespace Spiffe.Agent.Tests.Unit.Attestation.Cgroups;

/// <summary>Paths that somebody chose. Each leads a naive locator to a victim, and ours to at most what it is.</summary>
public sealed class AttackPathTests
{
    private static readonly CgroupLayouts Layouts = new(new CgroupOptions { DockerParents = ["/custom"] });

    [Theory]
    [InlineData($"/user.slice/user-1000.slice/user@1000.service/app.slice/docker-{B}.scope")]
    [InlineData($"/user.slice/user-1000.slice/user@1000.service/docker/{B}")]
    [InlineData($"/user.slice/user-1000.slice/user@1000.service/user.slice/cri-containerd-{B}.scope")]
    [InlineData($"/user.slice/user-1000.slice/user@1000.service/system.slice/docker-{B}.scope")]
    [InlineData($"/user.slice/user-1000.slice/user@1000.service/kubepods.slice/kubepods-pod{PodASlice}.slice/cri-containerd-{B}.scope")]
    [InlineData($"/user.slice/user-1000.slice/session-3.scope/docker/{B}")]
    [InlineData($"/system.slice/ci.service/docker-{B}.scope")]
    [InlineData($"/system.slice/ci.service/system.slice/docker-{B}.scope")]
    [InlineData($"/system.slice/ci.service/kubepods/pod{PodA}/{B}")]
    [InlineData($"/system.slice/ci.service/kubepods-pod{PodASlice}.slice:cri-containerd:{B}")]
    [InlineData($"/system.slice/docker.service/docker/{B}")]
    [InlineData($"/system.slice/a/docker-{B}.scope")]
    [InlineData($"/custom/a/{B}")]
    [InlineData($"/customs/{B}")]
    [InlineData($"/x/docker/{B}")]
    [InlineData($"/docker/x/{B}")]
    [InlineData($"/docker/buildkit/{B}")]
    [InlineData($"/docker.slice/docker-{B}.scope")]
    [InlineData($"/machine.slice/machine-box.scope/libpod-payload-{B}")]
    [InlineData($"/machine.slice/other.slice/libpod-{B}.scope")]
    [InlineData($"/machine.slice/machine-libpod_pod_x.slice/libpod-{B}.scope")]
    [InlineData($"/kubepods/{B}")]
    [InlineData($"/kubepods/guaranteed/pod{PodA}/{B}")]
    [InlineData($"/kubepods/burstable/burstable/pod{PodA}/{B}")]
    [InlineData($"/kubepods/pod{PodA}-/{B}")]
    [InlineData($"/kubepods/pod6A3C8D0E-1b2f-4c5d-8e9f-0a1b2c3d4e5f/{B}")]
    [InlineData($"/kubepods/pod{PodASlice}/{B}")]
    [InlineData($"/kubepods/pod{PodA}/x/{B}")]
    [InlineData($"/kubepods/pod{PodA}/crio-conmon-{B}")]
    [InlineData($"/kubepods.slice/kubepods-burstable-pod{PodASlice}.slice/cri-containerd-{B}.scope")]
    [InlineData($"/kubepods.slice/kubepods-burstable.slice/kubepods-besteffort-pod{PodASlice}.slice/cri-containerd-{B}.scope")]
    [InlineData($"/kubepods.slice/kubepods-guaranteed.slice/kubepods-guaranteed-pod{PodASlice}.slice/cri-containerd-{B}.scope")]
    [InlineData($"/kubepods.slice/kubepods-pod{PodASlice}.slice/evil-{B}.scope")]
    [InlineData($"/kubepods.slice/kubepods-pod{PodASlice}.slice/cri-containerd-{B}.service")]
    [InlineData($"/a.slice/kubepods.slice/kubepods-pod{PodASlice}.slice/cri-containerd-{B}.scope")]
    [InlineData($"/kind/kubepods/pod{PodA}/{B}")]
    [InlineData($"/other/{B}")]
    [InlineData($"/{B}")]
    public void Id_where_no_layout_has_it_is_no_container(string path)
    {
        Assert.Equal(B, NaiveLocator.Find(path));
        Assert.Null(Layouts.Locate(path).Place.Container);
    }

    [Theory]
    [InlineData($"/docker/{A}/docker/{B}")]
    [InlineData($"/system.slice/docker-{A}.scope/system.slice/docker-{B}.scope")]
    [InlineData($"/system.slice/docker-{A}.scope/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod{PodASlice}.slice/cri-containerd-{B}.scope")]
    [InlineData($"/kubepods/pod{PodA}/{A}/kubepods/pod{PodA}/{B}")]
    [InlineData($"/kubepods.slice/kubepods-pod{PodASlice}.slice/cri-containerd-{A}.scope/kubepods/pod{StaticPod}/{B}")]
    [InlineData($"/libpod_parent/libpod-{A}/libpod-{B}")]
    [InlineData($"/machine.slice/libpod-{A}.scope/container/machine.slice/libpod-{B}.scope")]
    [InlineData($"/machine.slice/libpod-{A}.scope/libpod-payload-{B}")]
    [InlineData($"/system.slice/web.service/libpod-payload-{A}/libpod-payload-{B}")]
    [InlineData($"/custom/{A}/{B}")]
    [InlineData($"/default/{A}/docker/{B}")]
    public void Of_nested_containers_the_outermost_counts(string path)
    {
        Assert.Equal(B, NaiveLocator.Find(path));
        Assert.Equal(A, Layouts.Locate(path).Place.Container!.Id);
    }

    [Theory]
    [InlineData($"/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-{B}.scope", 1000u)]
    [InlineData($"/user.slice/user-1000.slice/user@1000.service/machine.slice/libpod-{B}.scope/container", 1000u)]
    [InlineData($"/user.slice/user-1000.slice/user@1000.service/app.slice/x.service/libpod-payload-{B}", 1000u)]
    public void Rootless_container_that_imitates_a_rootful_one_is_its_users(string path, uint user)
    {
        Assert.Equal(B, NaiveLocator.Find(path));
        Assert.Equal(user, Layouts.Locate(path).Place.Container!.RootlessUserId);
    }

    [Theory]
    [InlineData("/user.slice/user-1000.slice/user@1001.service/app.slice/x.service", "user@1001.service")]
    [InlineData("/user.slice/user-1000.slice/user@01000.service/app.slice/x.service", "user@01000.service")]
    [InlineData("/system.slice/user@1000.service/app.slice/x.service", "user@1000.service")]
    [InlineData("/user.slice/user@1000.service/app.slice/x.service", "user@1000.service")]
    public void Manager_in_another_place_than_its_users_slice_is_a_unit_like_any(string path, string unit)
    {
        CgroupPlace place = Layouts.Locate(path).Place;
        Assert.Equal((unit, null, null), (place.Unit, place.UserManager, place.UserUnit));
    }

    [Theory]
    [InlineData("/system.slice/a b.service")]
    [InlineData("/system.slice/web@.service")]
    [InlineData("/system.slice/@x.service")]
    [InlineData("/system.slice/.service")]
    [InlineData("/system.slice/web")]
    [InlineData("/system.slice/wéb.service")]
    [InlineData("/a-b.slice/web.service")]
    [InlineData("/a.slice/b.slice/web.service")]
    [InlineData("/a.slice/a-b-c.slice/web.service")]
    [InlineData("/a.slice/a-.slice/web.service")]
    [InlineData("/-.slice/web.service")]
    [InlineData("/a@b.slice/web.service")]
    [InlineData("/x/system.slice/web.service")]
    [InlineData("/system.slice")]
    [InlineData("/")]
    public void Name_that_systemd_would_not_make_says_nothing(string path) => Assert.True(Layouts.Locate(path).IsNowhere);
}
