using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Attestors.Engine;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Tests.Fuzz.Identity;

namespace Spiffe.Agent.Tests.Fuzz.Attestation;

/// <summary>Answers of Docker and Podman: no bytes make their parsers throw, and whatever they read makes selectors that a configuration could have named.</summary>
public sealed class EngineProperties
{
    private const string Id = "8d9857ff75b18109ef12474dc2f7c4601e61e6927b0c69fef3dc914c3ec06acf";

    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(3000);

    private static readonly byte[] Good = Encoding.UTF8.GetBytes(
        $$"""{"Id":"{{Id}}","State":{"Running":true,"Pid":122},"Image":"sha256:b84d","Name":"/web","Pod":"0c6c","Config":{"Env":["A=b","C=d=e"],"Image":"wl:1","Labels":{"k":"v"} } }""");

    [Fact]
    public void Answer_that_this_starts_from_is_good() => Assert.Equal((Id, 122), (EngineAnswer.ReadContainer(Good)!.Id, EngineAnswer.ReadContainer(Good)!.ProcessId));

    [Fact]
    public void No_bytes_make_the_parsers_throw() => Check.One(Many, Prop.ForAll<byte[]>(bytes => IsSound(bytes ?? [])));

    [Fact]
    public void Changed_answers_neither() => Check.One(Many, Prop.ForAll(Mutations.Changed(Good), IsSound));

    [Fact]
    public void No_text_in_a_label_or_variable_makes_another_kind_of_selector() =>
        Check.One(Many, Prop.ForAll<string, string>((key, value) =>
        {
            EngineContainer container = new(Id, true, 1, "", "") { Labels = [new(key ?? "", value ?? "")], Environment = [$"{key}={value}"] };
            return Make(container).All(item => item.Selector.Value.StartsWith(item.Secret ? "rootless:1777:env:" : "rootless:1777:label:", StringComparison.Ordinal));
        }));

    private static bool IsSound(byte[] bytes)
    {
        _ = EngineAnswer.IsMessage(bytes);
        _ = EngineAnswer.ReadPodName(bytes, Id, Id);
        return EngineAnswer.ReadContainer(bytes) is not { } container || Make(container).All(item => Selector.TryParse(item.Selector.ToString(), out Selector again, out _) && again == item.Selector);
    }

    private static IReadOnlyList<EvidenceItem> Make(EngineContainer container)
    {
        EngineSelectors selectors = new("podman", "rootless:1777:", "a test", SelectorKinds.All);
        selectors.Add(container, withNames: true);
        return selectors.Found;
    }
}
