using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Tests.Unit.Identity;

/// <summary>What is asked about decides what evidence is taken and kept.</summary>
public sealed class SelectorKindsTests
{
    private static readonly SelectorKinds Kinds = SelectorKinds.Of([new("docker", "label:app:web"), new("unix", "user")]);

    [Fact]
    public void A_kind_is_asked_about_whatever_its_value() => Assert.True(Kinds.Contains("docker", "label") && !Kinds.Contains("docker", "env"));

    [Fact]
    public void Only_the_named_value_is_asked_about() =>
        Assert.True(Kinds.Asks(new Selector("docker", "label:app:web")) && !Kinds.Asks(new Selector("docker", "label:app:db")));

    [Fact]
    public void A_placeholder_asks_about_every_value_of_its_kind() => Assert.True(Kinds.Asks(new Selector("unix", "user:anybody")));

    [Fact]
    public void An_explanation_asks_about_everything() => Assert.True(SelectorKinds.All.Asks(new Selector("docker", "env:A=b")));
}
