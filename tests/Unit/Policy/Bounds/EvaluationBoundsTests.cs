using System.Text;
using Spiffe.Agent.Policy.Authorization;
using Spiffe.Agent.Policy.Entities;
using Spiffe.Agent.Policy.Evaluation;
using Spiffe.Agent.Policy.Json;
using Spiffe.Agent.Policy.Schema;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Validation;
using Spiffe.Agent.Policy.Values;
using static Spiffe.Agent.Tests.Unit.Policy.Bounds.Sources;

namespace Spiffe.Agent.Tests.Unit.Policy.Bounds;

/// <summary>A policy that the parser takes can be compiled and evaluated: within the stack, and in time that grows with its text and its input.</summary>
public sealed class EvaluationBoundsTests
{
    private const int Deep = SyntaxLimits.MaxDepth - 10;

    private static readonly PolicyStatement Always = Compile("permit(principal, action, resource);").Statements[0];

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
    public void The_longest_chain_is_decided_on_a_small_stack(string first, string next, bool isAllowed) =>
        Assert.Equal(isAllowed, OwnThread.Run(OwnThread.SmallStack, () => DecideCondition(first + Repeat(next, Deep))).IsAllowed);

    [Theory]
    [InlineData("(", "true", ")")]
    [InlineData("if ", "true", " then true else true")]
    [InlineData("!!!!(", "true", ")")]
    [InlineData("true && (false || (", "true", "))")]
    public void The_deepest_nesting_is_decided_on_a_small_stack(string open, string inside, string close)
    {
        int deep = Math.Min((SyntaxLimits.MaxNesting - 10) / Math.Max(1, open.Count(c => c == '(')), Deep / Math.Max(1, open.Count(c => c == '!')));

        Assert.True(OwnThread.Run(OwnThread.SmallStack, () => DecideCondition(Repeat(open, deep) + inside + Repeat(close, deep))).IsAllowed);
    }

    [Fact]
    public void Four_prefixes_at_every_bracket_stay_below_the_depth_and_are_decided() =>
        Assert.True(OwnThread.Run(OwnThread.SmallStack, () => DecideCondition(Repeat("!!!!(", 120) + "true" + Repeat(")", 120))).IsAllowed);

    [Theory]
    [InlineData("[", "1", "]")]
    [InlineData("{a: ", "1", "}")]
    public void The_deepest_values_are_compared_on_a_small_stack(string open, string inside, string close)
    {
        string value = Repeat(open, 190) + inside + Repeat(close, 190);

        Assert.True(OwnThread.Run(OwnThread.SmallStack, () => DecideCondition($"{value} == {value} && [{value}].contains({value})")).IsAllowed);
    }

    [Theory]
    [MemberData(nameof(Chains))]
    public void The_longest_chain_goes_through_JSON_and_validation_on_a_small_stack(string first, string next, bool isAllowed)
    {
        Assert.True(PolicyParser.TryParse($"permit(principal, action, resource) when {{ {first}{Repeat(next, Deep)} }};", out PolicyText? text, out _));
        PolicySchema schema = PolicySchema.Parse("entity User, Document; action read appliesTo { principal: User, resource: Document, context: {} };").Schema!;

        string json = OwnThread.Run(OwnThread.SmallStack, () => PolicyJson.Write(text.Statements[0]));
        PolicyStatement read = OwnThread.Run(OwnThread.SmallStack, () => PolicyJson.TryParse(Encoding.UTF8.GetBytes(json), "p", out PolicyStatement? p, out _) ? p : null)!;
        OwnThread.Run(OwnThread.SmallStack, () => PolicyValidator.Validate(schema, text));

        Assert.Equal(isAllowed, OwnThread.Run(OwnThread.SmallStack, () => PolicySet.Compile([read]).Decide(Request(ValueRecord.Empty), EntityStore.Empty)).IsAllowed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Sets_and_records_nested_as_deep_as_JSON_may_are_compared_on_a_small_stack(bool areSets)
    {
        // Deeper than the text form nests: half of the depth of an expression on each side of ==, looked at element by element.
        Expression left = Nested(), right = Nested();
        PolicyStatement policy = Always with { Conditions = [new PolicyCondition(ConditionKind.When, new BinaryExpression(BinaryOperator.Equal, left, right, default), default)] };

        Assert.True(OwnThread.Run(OwnThread.SmallStack, () => PolicySet.Compile([policy]).Decide(Request(ValueRecord.Empty), EntityStore.Empty)).IsAllowed);

        Expression Nested() => Enumerable.Range(0, Deep).Aggregate((Expression)new VariableExpression(PolicyVariable.Principal, default), (inside, _) =>
            areSets ? new SetExpression([inside], default) : new RecordExpression([new RecordField("a", inside, default)], default));
    }

    [Fact]
    public void A_tree_deeper_than_any_that_is_parsed_is_not_compiled()
    {
        Expression body = Enumerable.Range(0, 100_000).Aggregate((Expression)new BooleanLiteral(true, default), (inside, _) => new UnaryExpression(UnaryOperator.Not, inside, default));
        PolicyStatement policy = Always with { Conditions = [new PolicyCondition(ConditionKind.When, body, default)] };

        Assert.False(OwnThread.Run(OwnThread.SmallStack, () => PolicySet.TryCompile([policy], out _, out string? error) || error.Length == 0));
    }

    [Fact]
    public void A_set_or_record_larger_than_any_that_is_parsed_fails_the_policy_and_nothing_else()
    {
        Expression one = new LongLiteral(1, default);
        Expression set = new SetExpression([.. Enumerable.Repeat(one, ValueLimits.MaxElements + 1)], default);
        Expression record = new RecordExpression([.. Enumerable.Range(0, ValueLimits.MaxFields + 1).Select(i => new RecordField($"f{i}", one, default))], default);
        PolicyStatement[] policies =
        [
            Always with { Id = "set", Conditions = [new PolicyCondition(ConditionKind.When, set, default)] },
            Always with { Id = "record", Conditions = [new PolicyCondition(ConditionKind.When, record, default)] },
            Always,
        ];

        AuthorizationDecision decision = PolicySet.Compile(policies).Decide(Request(ValueRecord.Empty), EntityStore.Empty);

        Assert.True(decision.IsAllowed);
        Assert.Equal([EvaluationErrorKind.TooLarge, EvaluationErrorKind.TooLarge], decision.Errors.Select(error => error.Error.Kind));
        Assert.Throws<ArgumentException>(() => ValueSet.Of(new Value[ValueLimits.MaxElements + 1]));
        Assert.Throws<ArgumentException>(() => ValueRecord.Of(Enumerable.Range(0, ValueLimits.MaxFields + 1).Select(i => KeyValuePair.Create($"f{i}", Value.Of(i)))));
    }

    [Fact]
    public void A_wide_set_is_searched_in_time()
    {
        string set = $"[{string.Join(',', Enumerable.Range(0, ValueLimits.MaxElements))}]";

        Assert.True(OwnThread.Run(OwnThread.SmallStack, () => DecideCondition($"{set}.containsAll({set}) && {set} == {set}")).IsAllowed);
    }

    [Fact]
    public void A_type_test_in_a_type_test_is_evaluated_once()
    {
        // Were the operand of each evaluated twice, 60 of them would take for ever.
        string source = Repeat("(if ", 60) + "principal is User in principal" + Repeat(" then principal else principal) is User in principal", 60);

        Assert.True(OwnThread.Run(OwnThread.SmallStack, () => DecideCondition(source)).IsAllowed);
    }

    [Fact]
    public void A_pattern_is_matched_in_time_that_grows_with_the_text_and_not_with_its_square()
    {
        string half = Repeat("ab", 250_000);
        ValueRecord context = ValueRecord.Of([KeyValuePair.Create("text", Value.Of(Repeat("ab", 2_500_000)))]);
        PolicySet policies = Compile($"permit(principal, action, resource) when {{ context.text like \"*{half}b{half}*\" }};");

        AuthorizationDecision decision = OwnThread.Run(OwnThread.SmallStack, () => policies.Decide(Request(context), EntityStore.Empty));

        Assert.False(decision.IsAllowed);
        Assert.Empty(decision.Errors);
    }

    [Fact]
    public void A_pattern_that_fits_nearly_everywhere_is_gone_through_once()
    {
        // Compared anew at every place, this is four million times a million characters: minutes. Looked for by its ends first, no less: they fit everywhere.
        string half = new('a', 1_000_000);
        ValueRecord context = ValueRecord.Of([KeyValuePair.Create("text", Value.Of(new string('a', 6_000_000)))]);
        PolicySet policies = Compile($"permit(principal, action, resource) when {{ context.text like \"*{half}b{half}*\" }};");

        AuthorizationDecision decision = OwnThread.Run(OwnThread.SmallStack, () => policies.Decide(Request(context), EntityStore.Empty));

        Assert.False(decision.IsAllowed);
        Assert.Empty(decision.Errors);
    }

    [Fact]
    public void A_pattern_in_a_million_pieces_is_read_in_time()
    {
        // Joined one by one, the pieces would cost the square of their number.
        string pieces = string.Join(',', Enumerable.Repeat("{\"Literal\":\"a\"}", 1_000_000));
        PolicyStatement policy = Compile("permit(principal, action, resource) when { \"aa\" like \"pieces\" };").Statements[0];
        string json = PolicyJson.Write(policy).Replace("\"Literal\": \"pieces\"", $"\"Literal\": \"\"}},{pieces},{{\"Literal\": \"\"", StringComparison.Ordinal);
        Assert.True(json.Length > pieces.Length);

        Assert.True(OwnThread.Run(OwnThread.SmallStack, () => PolicyJson.TryParse(Encoding.UTF8.GetBytes(json), "p", out _, out _)));
    }

    [Fact]
    public void Wildcards_do_not_multiply()
    {
        ValueRecord context = ValueRecord.Of([KeyValuePair.Create("text", Value.Of(new string('a', 1_000_000)))]);
        PolicySet policies = Compile($"permit(principal, action, resource) when {{ context.text like \"{Repeat("*a", 10_000)}*b\" }};");

        AuthorizationDecision decision = OwnThread.Run(OwnThread.SmallStack, () => policies.Decide(Request(context), EntityStore.Empty));

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

        AuthorizationDecision decision = OwnThread.Run(OwnThread.SmallStack, () => policies.Decide(Request(context), entities));

        Assert.Equal("policy0", Assert.Single(decision.Reasons));
    }

    [Fact]
    public void Ten_thousand_policies_that_fail_are_all_reported()
    {
        AuthorizationDecision decision = OwnThread.Run(OwnThread.SmallStack, () => Decide(Repeat("permit(principal, action, resource) when { context.missing };\n", 10_000)));

        Assert.False(decision.IsAllowed);
        Assert.Equal(10_000, decision.Errors.Length);
    }
}
