using System.Collections.Immutable;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Spiffe.Agent.Policy.Authorization;
using Spiffe.Agent.Policy.Entities;
using Spiffe.Agent.Policy.Formatting;
using Spiffe.Agent.Policy.Json;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Tests.Fuzz.Policy;

/// <summary>What holds of every text of policies: read, written, and read again.</summary>
public sealed class PolicyProperties
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(500);

    [Fact]
    public void Formatting_keeps_every_policy_and_every_comment() => Prop.ForAll(PolicyTexts.Sets.ToArbitrary(), source =>
    {
        PolicyText text = Parsed(source);
        Assert.True(PolicyFormatter.TryFormat(source, out string? formatted, out _));
        Assert.Equal(PolicyJson.Write(text.Statements), PolicyJson.Write(Parsed(formatted).Statements));
        Assert.Equal(Count(source, "//"), Count(formatted, "//"));
        Assert.True(PolicyFormatter.TryFormat(formatted, out string? twice, out _));
        Assert.Equal(formatted, twice);
    }).Check(Thorough);

    [Fact]
    public void Policies_read_back_from_their_JSON_form_and_decide_the_same() => Prop.ForAll(Worlds.All, world =>
    {
        byte[] json = Encoding.UTF8.GetBytes(PolicyJson.Write(world.Policies));
        Assert.True(PolicyJson.TryParseSet(json, out ImmutableArray<PolicyStatement> again, out JsonFault? fault), fault?.ToString());
        Assert.Equal(WithoutPlaces(world.Policies), WithoutPlaces(again));

        string[] WithoutPlaces(IEnumerable<PolicyStatement> policies)
        {
            AuthorizationDecision decision = PolicySet.Compile(policies).Decide(world.Request, world.Entities);
            return [.. decision.Reasons, $"{decision.IsAllowed}", .. decision.Errors.Select(error => $"{error.PolicyId}: {error.Error.Kind}: {error.Error.Message}")];
        }
    }).Check(Thorough);

    [Fact]
    public void Any_text_is_parsed_or_refused_with_a_place_in_it() => Prop.ForAll(PolicyTexts.Sets.SelectMany(Mangled.Of).ToArbitrary(), source =>
    {
        if (PolicyParser.TryParse(source, out _, out ImmutableArray<SyntaxError> errors))
        {
            Assert.True(PolicyFormatter.TryFormat(source, out string? formatted, out _));
            Parsed(formatted);
        }
        else
        {
            Assert.NotEmpty(errors);
            Assert.All(errors, error => Assert.True(error.Span.Start >= 0 && error.Span.End <= source.Length));
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void Any_JSON_like_text_is_read_or_refused() => Prop.ForAll(PolicyTexts.Sets.ToArbitrary(), Gen.Choose(0, 100_000).ToArbitrary(), ArbMap.Default.ArbFor<byte>(), (source, at, value) =>
    {
        byte[] json = Encoding.UTF8.GetBytes(PolicyJson.Write(Parsed(source).Statements));
        json[at % json.Length] = value;
        if (!PolicyJson.TryParseSet(json, out _, out JsonFault? fault)) Assert.NotEmpty(fault.Message);
        if (!EntityJson.TryParse(json, out EntityStore? _, out fault)) Assert.NotEmpty(fault.Message);
        if (!RequestJson.TryParseContext(json, null, out _, out fault)) Assert.NotEmpty(fault.Message);
    }).Check(Thorough);

    private static PolicyText Parsed(string source)
    {
        Assert.True(PolicyParser.TryParse(source, out PolicyText? text, out ImmutableArray<SyntaxError> errors), $"{errors.FirstOrDefault()}\n{source}");
        return text;
    }

    private static int Count(string text, string part) => text.Split(part).Length;
}
