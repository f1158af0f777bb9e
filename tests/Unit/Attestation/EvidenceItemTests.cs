using Spiffe.Agent.Attestation;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Tests.Unit.Attestation;

public sealed class EvidenceItemTests
{
    [Fact]
    public void Selector_is_shown_as_it_is() =>
        Assert.Equal("docker:label:a:b", new EvidenceItem(new Selector("docker", "label:a:b"), "docker").Shown);

    [Theory]
    [InlineData("env:PASSWORD=hunter2", "docker:env:PASSWORD=[redacted]")]
    [InlineData("env:PASSWORD=hunter2=hunter2", "docker:env:PASSWORD=[redacted]")]
    [InlineData("rootless:1000:env:PASSWORD=hunter2", "docker:rootless:1000:env:PASSWORD=[redacted]")]
    [InlineData("env:hunter2", "docker:[redacted]")]
    public void Secret_is_never_shown(string value, string shown)
    {
        EvidenceItem item = new(new Selector("docker", value), "docker") { Secret = true };

        Assert.Equal(shown, item.Shown);
        Assert.DoesNotContain("hunter2", item.ToString(), StringComparison.Ordinal);
    }
}
