using System.Collections.Immutable;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Spiffe.Agent.Policy.Authorization;
using Spiffe.Agent.Policy.Entities;
using Spiffe.Agent.Policy.Formatting;
using Spiffe.Agent.Policy.Json;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Tests.Fuzz.Policy;

/// <summary>What holds of every text of policies and of every decision.</summary>
public sealed class PolicyProperties
{
    private static readonly EntityStore Entities = Store();

    private static readonly AuthorizationRequest Request = new(new("U", "a"), new("Action", "a"), new("R", "r"), Context());

    private static Config Thorough => Config.QuickThrowOnFailure.WithMaxTest(500);

    [Fact]
    public void Most_of_these_texts_are_correct_so_the_properties_below_say_something() =>
        Assert.InRange(PolicyTexts.Sets.Sample(200).Count(policies => policies.Length > 0 && PolicyParser.TryParse(string.Concat(policies), out _, out _)), 150, 200);

    [Fact]
    public void Formatting_keeps_every_policy_and_every_comment() => Prop.ForAll(PolicyTexts.Sets.ToArbitrary(), policies =>
    {
        string source = string.Concat(policies);
        if (!PolicyParser.TryParse(source, out PolicyText? text, out _)) return;
        Assert.True(PolicyFormatter.TryFormat(source, out string? formatted, out _));
        Assert.Equal(PolicyJson.Write(text.Statements), PolicyJson.Write(Parsed(formatted).Statements));
        Assert.Equal(Count(source, "//"), Count(formatted, "//"));
        Assert.True(PolicyFormatter.TryFormat(formatted, out string? twice, out _));
        Assert.Equal(formatted, twice);
    }).Check(Thorough);

    [Fact]
    public void Policies_read_back_from_their_JSON_form_and_decide_the_same() => Prop.ForAll(PolicyTexts.Sets.ToArbitrary(), policies =>
    {
        if (!PolicyParser.TryParse(string.Concat(policies), out PolicyText? text, out _)) return;
        byte[] json = Encoding.UTF8.GetBytes(PolicyJson.Write(text.Statements));
        Assert.True(PolicyJson.TryParseSet(json, out ImmutableArray<PolicyStatement> again, out JsonFault? fault), fault?.ToString());
        Same(PolicySet.Compile(text).Decide(Request, Entities), PolicySet.Compile(again).Decide(Request, Entities));
    }).Check(Thorough);

    [Fact]
    public void The_order_of_policies_never_changes_a_decision() => Prop.ForAll(PolicyTexts.Sets.ToArbitrary(), policies =>
    {
        if (!PolicyParser.TryParse(string.Concat(policies), out PolicyText? text, out _)) return;
        Same(PolicySet.Compile(text).Decide(Request, Entities), PolicySet.Compile(text.Statements.Reverse()).Decide(Request, Entities));
    }).Check(Thorough);

    [Fact]
    public void Adding_a_forbid_never_turns_deny_into_allow() => Prop.ForAll(PolicyTexts.Sets.ToArbitrary(), PolicyTexts.Policies.ToArbitrary(), (policies, added) =>
    {
        if (!PolicyParser.TryParse(string.Concat(policies), out PolicyText? text, out _) || !PolicyParser.TryParse(added, out PolicyText? more, out _)) return;
        PolicyStatement forbid = more.Statements[0] with { Effect = PolicyEffect.Forbid, Id = "added" };
        bool before = PolicySet.Compile(text).Decide(Request, Entities).IsAllowed;
        bool after = PolicySet.Compile([.. text.Statements, forbid]).Decide(Request, Entities).IsAllowed;
        Assert.True(before || !after);
    }).Check(Thorough);

    [Fact]
    public void A_set_decides_what_its_policies_decide_one_by_one() => Prop.ForAll(PolicyTexts.Sets.ToArbitrary(), policies =>
    {
        if (!PolicyParser.TryParse(string.Concat(policies), out PolicyText? text, out _)) return;
        AuthorizationDecision[] alone = [.. text.Statements.Select(statement => PolicySet.Compile([statement with { Effect = PolicyEffect.Permit }]).Decide(Request, Entities))];
        string[] matching = [.. text.Statements.Zip(alone).Where(pair => pair.Second.IsAllowed).Select(pair => pair.First.Id)];
        bool isForbidden = text.Statements.Any(statement => statement.Effect == PolicyEffect.Forbid && matching.Contains(statement.Id, StringComparer.Ordinal));

        AuthorizationDecision decision = PolicySet.Compile(text).Decide(Request, Entities);

        Assert.Equal(matching.Length > 0 && !isForbidden, decision.IsAllowed);
        PolicyEffect deciding = isForbidden ? PolicyEffect.Forbid : PolicyEffect.Permit;
        Assert.Equal(text.Statements.Where(s => s.Effect == deciding && matching.Contains(s.Id, StringComparer.Ordinal)).Select(s => s.Id), decision.Reasons);
        Assert.Equal(alone.SelectMany(one => one.Errors).Select(error => error.PolicyId), decision.Errors.Select(error => error.PolicyId));
    }).Check(Thorough);

    [Fact]
    public void Any_text_is_parsed_or_refused_with_a_place_in_it() => Prop.ForAll(PolicyTexts.Mutated.ToArbitrary(), source =>
    {
        if (PolicyParser.TryParse(source, out PolicyText? text, out ImmutableArray<SyntaxError> errors))
        {
            if (text.Statements.All(statement => !statement.IsTemplate)) PolicySet.Compile(text).Decide(Request, Entities);
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
    public void Any_JSON_like_text_is_read_or_refused() => Prop.ForAll(PolicyTexts.Sets.ToArbitrary(), Gen.Choose(0, 100_000).ToArbitrary(), ArbMap.Default.ArbFor<byte>(), (policies, at, value) =>
    {
        if (!PolicyParser.TryParse(string.Concat(policies), out PolicyText? text, out _)) return;
        byte[] json = Encoding.UTF8.GetBytes(PolicyJson.Write(text.Statements));
        json[at % json.Length] = value;
        if (!PolicyJson.TryParseSet(json, out _, out JsonFault? fault)) Assert.NotEmpty(fault.Message);
        if (!EntityJson.TryParse(json, out EntityStore? _, out fault)) Assert.NotEmpty(fault.Message);
        if (!RequestJson.TryParseContext(json, null, out _, out fault)) Assert.NotEmpty(fault.Message);
    }).Check(Thorough);

    private static void Same(AuthorizationDecision expected, AuthorizationDecision actual)
    {
        Assert.Equal(expected.IsAllowed, actual.IsAllowed);
        Assert.Equal(expected.Reasons.Order(StringComparer.Ordinal), actual.Reasons.Order(StringComparer.Ordinal));
        Assert.Equal(expected.Errors.Select(error => error.PolicyId).Order(StringComparer.Ordinal), actual.Errors.Select(error => error.PolicyId).Order(StringComparer.Ordinal));
    }

    private static PolicyText Parsed(string source)
    {
        Assert.True(PolicyParser.TryParse(source, out PolicyText? text, out ImmutableArray<SyntaxError> errors), $"{errors.FirstOrDefault()}\n{source}");
        return text;
    }

    private static int Count(string text, string part) => text.Split(part).Length;

    private static ValueRecord Context() => ValueRecord.Of([KeyValuePair.Create("s", Value.Of(ValueSet.Of(Value.Of("a"), Value.Of(1), Value.Of(new EntityUid("G", "g")))))]);

    private static EntityStore Store()
    {
        ValueRecord attributes = ValueRecord.Of([KeyValuePair.Create("n", Value.Of(7))]);
        EntityData[] entities =
        [
            new(new("U", "a"), attributes, [new("G", "g")], ValueRecord.Of([KeyValuePair.Create("a", Value.Of(true))])),
            new(new("G", "g"), ValueRecord.Empty, [new("G", "top")], ValueRecord.Empty),
            new(new("Action", "a"), ValueRecord.Empty, [new("Action", "all")], ValueRecord.Empty),
        ];
        Assert.True(EntityStore.TryCreate(entities, out EntityStore? store, out _));
        return store;
    }
}
