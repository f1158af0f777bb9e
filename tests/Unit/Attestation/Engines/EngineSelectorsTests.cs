using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Attestors.Engine;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Tests.Unit.Attestation.Engines;

public sealed class EngineSelectorsTests
{
    private static readonly EngineContainer Till = EngineAnswer.ReadContainer(RecordedAnswers.Podman)!;

    [Fact]
    public void Docker_s_selectors_are_spire_s() => Assert.Equal(
        [
            "docker:label:com.example.role:payments", "docker:label:from.image:yes", "docker:label:odd:key:a:b", "docker:env:SECRET=hunter2", "docker:env:EQ=a=b", "docker:env:IMAGE_ENV=1",
            "docker:image_id:wl:1", "docker:image_config_digest:sha256:b84d0e3e8413737d584404097c558525545cd1be289654a1c34b76e5d5d92984",
        ],
        Texts(Make("docker", "", SelectorKinds.All, EngineAnswer.ReadContainer(RecordedAnswers.Docker)!, withNames: false)));

    [Fact]
    public void Podman_knows_names_and_pods()
    {
        string[] texts = Texts(Make("podman", "", SelectorKinds.All, Till));

        Assert.Contains("podman:name:till", texts);
        Assert.Contains($"podman:pod_id:{RecordedAnswers.PodId}", texts);
    }

    [Fact]
    public void Every_selector_of_a_user_s_container_says_whose_it_is()
    {
        string[] texts = Texts(Make("podman", "rootless:1777:", SelectorKinds.All, Till));

        Assert.Contains("podman:rootless:1777:label:role:till", texts);
        Assert.All(texts, text => Assert.StartsWith("podman:rootless:1777:", text, StringComparison.Ordinal));
    }

    [Fact]
    public void What_nobody_names_is_not_kept()
    {
        SelectorKinds needed = SelectorKinds.Of([new("docker", "env:EQ=a=b"), new("docker", "label:com.example.role:other")]);

        EvidenceItem only = Assert.Single(Make("docker", "", needed, EngineAnswer.ReadContainer(RecordedAnswers.Docker)!, withNames: false));

        Assert.Equal("docker:env:EQ=a=b", only.Selector.ToString());
    }

    [Fact]
    public void Environment_is_secret_and_nothing_else_is()
    {
        IReadOnlyList<EvidenceItem> items = Make("docker", "", SelectorKinds.All, EngineAnswer.ReadContainer(RecordedAnswers.Docker)!);

        Assert.All(items, item => Assert.Equal(item.Selector.Value.StartsWith("env:", StringComparison.Ordinal), item.Secret));
        Assert.Contains(items, item => item.Secret);
    }

    [Theory]
    [InlineData("A=1", "A=2")] // whichever the program takes
    [InlineData("A=1", "A")]
    [InlineData("A")]
    [InlineData("=1")]
    [InlineData("A=\ufffd")] // what Go writes for bytes that are not UTF-8
    [InlineData("A=1\n2")]
    [InlineData("A=\u0085")]
    public void Variable_that_could_be_another_is_none(params string[] environment) =>
        Assert.Empty(Make("docker", "", SelectorKinds.All, new EngineContainer(RecordedAnswers.DockerId, true, 1, "", "") { Environment = environment }));

    [Fact]
    public void Label_longer_than_a_selector_may_be_is_none()
    {
        EngineContainer Labelled(int length) => new(RecordedAnswers.DockerId, true, 1, "", "") { Labels = [new("a", new string('x', length))] };
        int room = Selector.MaxLength - "docker:label:a:".Length;

        Assert.Single(Make("docker", "", SelectorKinds.All, Labelled(room)));
        Assert.Empty(Make("docker", "", SelectorKinds.All, Labelled(room + 1)));
    }

    private static IReadOnlyList<EvidenceItem> Make(string type, string scope, SelectorKinds needed, EngineContainer container, bool withNames = true)
    {
        EngineSelectors selectors = new(type, scope, "a test", needed);
        selectors.Add(container, withNames);
        return selectors.Found;
    }

    private static string[] Texts(IReadOnlyList<EvidenceItem> items) => [.. items.Select(item => item.Selector.ToString())];
}
