using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Tests.Unit.Registration;

public sealed class SelectorSecrecyTests
{
    [Theory]
    [InlineData("docker:env:PASSWORD=hunter2", "docker:env:PASSWORD=[redacted]")]
    [InlineData("docker:env:A=b=hunter2:x", "docker:env:A=[redacted]")]
    [InlineData("docker:env:hunter2", "docker:env:[redacted]")]
    [InlineData("podman:rootless:1000:env:A=hunter2", "podman:rootless:1000:env:A=[redacted]")]
    [InlineData("podman:rootless:x:env:A=hunter2", "podman:rootless:x:env:A=[redacted]")]
    [InlineData("unix:uid:1001", "unix:uid:1001")]
    [InlineData("docker:label:env:A=b", "docker:label:env:A=b")]
    [InlineData("k8s:pod-label:env:prod", "k8s:pod-label:env:prod")]
    [InlineData("podman:rootless", "podman:rootless")]
    [InlineData("podman:rootless:", "podman:rootless:")]
    [InlineData("nonsense", "nonsense")]
    [InlineData("", "")]
    public void Of_an_environment_variable_only_the_name_is_shown(string selector, string shown) => Assert.Equal(shown, SelectorSecrecy.Shown(selector));
}
