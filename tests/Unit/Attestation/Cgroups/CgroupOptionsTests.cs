using Spiffe.Agent.Attestation.Cgroups;
using static Spiffe.Agent.Tests.Unit.Attestation.Cgroups.Paths;

namespace Spiffe.Agent.Tests.Unit.Attestation.Cgroups;

/// <summary>What an operator may name.</summary>
public sealed class CgroupOptionsTests
{
    [Theory]
    [InlineData("")]
    [InlineData("custom")]
    [InlineData("/custom/")]
    [InlineData("/a//b")]
    [InlineData("/../a")]
    [InlineData("/a/../b")]
    [InlineData("/a\n1:cpu:/b")]
    public void Parent_that_is_no_path_is_a_fault(string parent) =>
        Assert.Throws<ArgumentException>(() => new CgroupReader(new CgroupOptions { DockerParents = [parent] }));

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("-a")]
    [InlineData("a..b")]
    [InlineData("system.slice")]
    [InlineData("web.service")]
    public void Namespace_that_containerd_would_not_take_or_systemd_would_is_a_fault(string name) =>
        Assert.Throws<ArgumentException>(() => new CgroupReader(new CgroupOptions { ContainerdNamespaces = [name] }));

    [Theory]
    [InlineData($"/system.slice/docker-{A}.scope/x", $"/system.slice/docker-{A}.scope/x/{B}", A)]
    [InlineData(Manager, $"{Manager}/{B}", null)]
    [InlineData($"{Manager}/app.slice/x.service", $"{Manager}/app.slice/x.service/{B}", null)]
    public void Parent_within_a_container_or_a_users_manager_changes_nothing(string parent, string path, string? id) =>
        Assert.Equal(id, new CgroupLayouts(new CgroupOptions { DockerParents = [parent] }).Locate(path).Place.Container?.Id);

    [Fact]
    public void Namespace_never_takes_the_place_of_a_layout()
    {
        CgroupLayouts layouts = new(new CgroupOptions { ContainerdNamespaces = ["docker", "kubepods", "kubelet"] });
        Assert.Null(layouts.Locate("/docker/web").Place.Container);
        Assert.Null(layouts.Locate("/kubepods/burstable").Place.Container);
        Assert.Null(layouts.Locate("/kubelet/web").Place.Container);
    }
}
