using Spiffe.Agent.Policy.Authorization;
using Spiffe.Agent.Policy.Entities;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;
using static Spiffe.Agent.Tests.Unit.Policy.Bounds.Sources;

namespace Spiffe.Agent.Tests.Unit.Policy.Bounds;

/// <summary>A policy that the parser takes can be compiled and evaluated: within the stack, and in time that grows with its text and its input.</summary>
public sealed class EvaluationBoundsTests
{
    private const int Deep = SyntaxLimits.MaxDepth - 10;

    public static TheoryData<string, string, bool> Chains => new()
    {
        { "true", " && true", true },
        { "false", " || false", false },
        { "0 == 1", " + 1", false },
        { "0 == 1", " * 1", false },
        { "context", ".a", false },
        { "context has a", ".a", false },
    };

    [Theory]
    [MemberData(nameof(Chains))]
    public void The_longest_chain_is_decided_on_the_usual_stack(string first, string next, bool isAllowed) =>
        Assert.Equal(isAllowed, OwnThread.Run(OwnThread.UsualStack, () => DecideCondition(first + Repeat(next, Deep))).IsAllowed);

    [Theory]
    [InlineData("(", "true", ")")]
    [InlineData("if ", "true", " then true else true")]
    [InlineData("!!!!(", "true", ")")]
    [InlineData("true && (false || (", "true", "))")]
    public void The_deepest_nesting_is_decided_on_the_usual_stack(string open, string inside, string close)
    {
        int deep = (SyntaxLimits.MaxNesting - 10) / Math.Max(1, open.Count(c => c == '('));

        Assert.True(OwnThread.Run(OwnThread.UsualStack, () => DecideCondition(Repeat(open, deep) + inside + Repeat(close, deep))).IsAllowed);
    }

    [Fact]
    public void Four_prefixes_at_every_bracket_stay_below_the_depth_and_are_decided() =>
        Assert.True(OwnThread.Run(OwnThread.UsualStack, () => DecideCondition(Repeat("!!!!(", 190) + "true" + Repeat(")", 190))).IsAllowed);

    [Theory]
    [InlineData("[", "1", "]")]
    [InlineData("{a: ", "1", "}")]
    public void The_deepest_values_are_compared_on_the_usual_stack(string open, string inside, string close)
    {
        string value = Repeat(open, 190) + inside + Repeat(close, 190);

        Assert.True(OwnThread.Run(OwnThread.UsualStack, () => DecideCondition($"{value} == {value} && [{value}].contains({value})")).IsAllowed);
    }

    [Fact]
    public void A_wide_set_is_searched_in_time()
    {
        string set = $"[{string.Join(',', Enumerable.Range(0, 100_000))}]";

        Assert.True(OwnThread.Run(OwnThread.UsualStack, () => DecideCondition($"{set}.containsAll({set}) && {set} == {set}")).IsAllowed);
    }

    [Fact]
    public void A_type_test_in_a_type_test_is_evaluated_once()
    {
        // Were the operand of each evaluated twice, 60 of them would take for ever.
        string source = Repeat("(if ", 60) + "principal is User in principal" + Repeat(" then principal else principal) is User in principal", 60);

        Assert.True(OwnThread.Run(OwnThread.UsualStack, () => DecideCondition(source)).IsAllowed);
    }

    [Fact]
    public void A_pattern_is_matched_in_time_that_grows_with_the_text_and_not_with_its_square()
    {
        string half = Repeat("ab", 250_000);
        ValueRecord context = ValueRecord.Of([KeyValuePair.Create("text", Value.Of(Repeat("ab", 2_500_000)))]);
        PolicySet policies = Compile($"permit(principal, action, resource) when {{ context.text like \"*{half}b{half}*\" }};");

        AuthorizationDecision decision = OwnThread.Run(OwnThread.UsualStack, () => policies.Decide(Request(context), EntityStore.Empty));

        Assert.False(decision.IsAllowed);
        Assert.Empty(decision.Errors);
    }

    [Fact]
    public void Wildcards_do_not_multiply()
    {
        ValueRecord context = ValueRecord.Of([KeyValuePair.Create("text", Value.Of(new string('a', 1_000_000)))]);
        PolicySet policies = Compile($"permit(principal, action, resource) when {{ context.text like \"{Repeat("*a", 10_000)}*b\" }};");

        AuthorizationDecision decision = OwnThread.Run(OwnThread.UsualStack, () => policies.Decide(Request(context), EntityStore.Empty));

        Assert.False(decision.IsAllowed);
        Assert.Empty(decision.Errors);
    }

    [Fact]
    public void A_policy_whose_scope_matches_in_many_ways_is_evaluated_once()
    {
        EntityUid[] groups = [.. Enumerable.Range(0, 50_000).Select(i => new EntityUid("Action", $"{i:D5}"))];
        string some = string.Join(',', groups.Select(group => group.ToString()));
        string condition = $"[{string.Join(',', Enumerable.Repeat("context.n", 50_000))}].contains(1)";
        PolicySet policies = Compile($"permit(principal, action in [{some}], resource) when {{ {condition} }};");
        Assert.True(EntityStore.TryCreate([Entity(Read, groups)], out EntityStore? entities, out _));
        ValueRecord context = ValueRecord.Of([KeyValuePair.Create("n", Value.Of(1))]);

        AuthorizationDecision decision = OwnThread.Run(OwnThread.UsualStack, () => policies.Decide(Request(context), entities));

        Assert.Equal("policy0", Assert.Single(decision.Reasons));
    }

    [Fact]
    public void Ten_thousand_policies_that_fail_are_all_reported()
    {
        AuthorizationDecision decision = OwnThread.Run(OwnThread.UsualStack, () => Decide(Repeat("permit(principal, action, resource) when { context.missing };\n", 10_000)));

        Assert.False(decision.IsAllowed);
        Assert.Equal(10_000, decision.Errors.Length);
    }
}
