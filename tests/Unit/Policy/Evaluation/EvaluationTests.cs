using System.Collections.Immutable;
using System.Text;
using Spiffe.Agent.Policy.Entities;
using Spiffe.Agent.Policy.Evaluation;
using Spiffe.Agent.Policy.Json;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;
using Spiffe.Agent.Tests.Unit.Policy.Bounds;

namespace Spiffe.Agent.Tests.Unit.Policy.Evaluation;

public sealed class EvaluationTests
{
    private const string Known = """
        [{ "uid": { "type": "U", "id": "a" }, "attrs": { "n": 1, "r": { "x": { "y": true } }, "friend": { "__entity": { "type": "U", "id": "gone" } } },
           "parents": [{ "type": "G", "id": "g" }], "tags": { "t": "v" } },
         { "uid": { "type": "G", "id": "g" }, "attrs": {}, "parents": [{ "type": "G", "id": "top" }] }]
        """;

    [Theory]
    [InlineData("1 + 2 * 3 - 4", "3")]
    [InlineData("--5", "5")]
    [InlineData("-principal.n", "-1")]
    [InlineData("1 == true", "false")]
    [InlineData("1 != \"1\"", "true")]
    [InlineData("[1, 2, 2] == [2, 1]", "true")]
    [InlineData("{a: 1, b: 2} == {b: 2, a: 1}", "true")]
    [InlineData("[[], {}] == [{}, []]", "true")]
    [InlineData("[] == {}", "false")]
    [InlineData("decimal(\"1.0\") == decimal(\"1.0000\")", "true")]
    [InlineData("ip(\"10.0.0.1\") == ip(\"10.0.0.1/32\")", "true")]
    [InlineData("ip(\"10.0.0.1/24\") == ip(\"10.0.0.0/24\")", "false")]
    [InlineData("duration(\"1s\") == 1000", "false")]
    [InlineData("false && (1 + \"\")", "false")]
    [InlineData("true || 1", "true")]
    [InlineData("if true then 1 else principal.gone", "1")]
    [InlineData("principal in G::\"top\"", "true")]
    [InlineData("principal in [G::\"no\", G::\"g\"]", "true")]
    [InlineData("U::\"unknown\" in U::\"unknown\"", "true")]
    [InlineData("U::\"unknown\" in G::\"g\"", "false")]
    [InlineData("G::\"g\" in principal", "false")]
    [InlineData("principal in []", "false")]
    [InlineData("principal is U", "true")]
    [InlineData("principal is U in G::\"g\"", "true")]
    [InlineData("principal is G in 1", "false")]
    [InlineData("principal has n && principal has \"n\"", "true")]
    [InlineData("principal has r.x.y", "true")]
    [InlineData("principal has r.z.y", "false")]
    [InlineData("principal has friend.n", "false")]
    [InlineData("resource has n", "false")]
    [InlineData("principal.r[\"x\"].y", "true")]
    [InlineData("principal.hasTag(\"t\") && principal.getTag(\"t\") == \"v\"", "true")]
    [InlineData("resource.hasTag(\"t\")", "false")]
    [InlineData("[1, 2].contains(2) && ![1].contains(\"1\")", "true")]
    [InlineData("[1, 2, 3].containsAll([3, 1]) && [].containsAll([])", "true")]
    [InlineData("[1].containsAny([2, 1]) && ![].containsAny([1])", "true")]
    [InlineData("[].isEmpty() && ![1].isEmpty()", "true")]
    [InlineData("\"a*b\" like \"a\\*b\"", "true")]
    [InlineData("\"axb\" like \"a\\*b\"", "false")]
    [InlineData("\"abcabc\" like \"a*bc\"", "true")]
    [InlineData("\"ab\" like \"ab*b\"", "false")]
    [InlineData("\"\" like \"*\"", "true")]
    [InlineData("\"\" like \"\"", "true")]
    [InlineData("\"😀\" like \"*😀*\"", "true")]
    [InlineData("datetime(\"2024-01-01\") < datetime(\"2024-01-02\")", "true")]
    [InlineData("duration(\"1h\") >= duration(\"60m\")", "true")]
    [InlineData("datetime(\"2024-01-02\").durationSince(datetime(\"2024-01-01\")).toHours()", "24")]
    [InlineData("datetime(\"2024-01-01T05:00:00Z\").toTime().toMinutes()", "300")]
    [InlineData("decimal(\"1.1\").lessThan(decimal(\"1.2\"))", "true")]
    [InlineData("context", "{}")]
    public void An_expression_has_the_value_of_the_reference(string source, string expected) => Assert.Equal(expected, Evaluate(source).ToString());

    [Theory]
    [InlineData("9223372036854775807 + 1", EvaluationErrorKind.Overflow)]
    [InlineData("-9223372036854775808 - 1", EvaluationErrorKind.Overflow)]
    [InlineData("-9223372036854775808 * -1", EvaluationErrorKind.Overflow)]
    [InlineData("-(-9223372036854775808)", EvaluationErrorKind.Overflow)]
    [InlineData("datetime(\"9999-12-31\").offset(duration(\"9223372036854775807ms\"))", EvaluationErrorKind.Overflow)]
    [InlineData("1 + true", EvaluationErrorKind.WrongType)]
    [InlineData("1 < \"2\"", EvaluationErrorKind.WrongType)]
    [InlineData("decimal(\"1.0\") < decimal(\"2.0\")", EvaluationErrorKind.WrongType)]
    [InlineData("duration(\"1s\") < datetime(\"2024-01-01\")", EvaluationErrorKind.WrongType)]
    [InlineData("true && 1", EvaluationErrorKind.WrongType)]
    [InlineData("false || 1", EvaluationErrorKind.WrongType)]
    [InlineData("1 && false", EvaluationErrorKind.WrongType)]
    [InlineData("if 1 then true else true", EvaluationErrorKind.WrongType)]
    [InlineData("!1", EvaluationErrorKind.WrongType)]
    [InlineData("1 in principal", EvaluationErrorKind.WrongType)]
    [InlineData("principal in 1", EvaluationErrorKind.WrongType)]
    [InlineData("principal in [principal, 1]", EvaluationErrorKind.WrongType)]
    [InlineData("1 is U", EvaluationErrorKind.WrongType)]
    [InlineData("1 has a", EvaluationErrorKind.WrongType)]
    [InlineData("principal has n.x", EvaluationErrorKind.WrongType)]
    [InlineData("1 like \"*\"", EvaluationErrorKind.WrongType)]
    [InlineData("1.a", EvaluationErrorKind.WrongType)]
    [InlineData("\"\".contains(1)", EvaluationErrorKind.WrongType)]
    [InlineData("[1].containsAll(1)", EvaluationErrorKind.WrongType)]
    [InlineData("1.hasTag(\"t\")", EvaluationErrorKind.WrongType)]
    [InlineData("principal.hasTag(1)", EvaluationErrorKind.WrongType)]
    [InlineData("ip(1)", EvaluationErrorKind.WrongType)]
    [InlineData("\"::1\".isIpv6()", EvaluationErrorKind.WrongType)]
    [InlineData("principal.gone", EvaluationErrorKind.AttributeMissing)]
    [InlineData("{}.a", EvaluationErrorKind.AttributeMissing)]
    [InlineData("resource.n", EvaluationErrorKind.EntityMissing)]
    [InlineData("principal.friend.n", EvaluationErrorKind.EntityMissing)]
    [InlineData("resource.getTag(\"t\")", EvaluationErrorKind.EntityMissing)]
    [InlineData("principal.getTag(\"none\")", EvaluationErrorKind.TagMissing)]
    [InlineData("decimal(\"x\")", EvaluationErrorKind.ExtensionRefused)]
    [InlineData("ip()", EvaluationErrorKind.WrongArgumentCount)]
    [InlineData("ip(\"::1\").isInRange(ip(\"::\"), ip(\"::\"))", EvaluationErrorKind.WrongArgumentCount)]
    public void What_fails_in_the_reference_fails_and_says_where(string source, EvaluationErrorKind expected)
    {
        Assert.True(Evaluate(source).TryGet(out EvaluationError? error));
        Assert.Equal(expected, error.Kind);
        Assert.InRange(error.Span.Length, 1, source.Length);
    }

    [Fact]
    public void The_deepest_expression_is_evaluated_on_a_small_stack()
    {
        string source = string.Join(" + ", Enumerable.Repeat("1", SyntaxLimits.MaxDepth));

        Assert.Equal($"{SyntaxLimits.MaxDepth}", OwnThread.Run(OwnThread.SmallStack, () => Evaluate(source)).ToString());
    }

    [Fact]
    public void A_wildcard_pattern_is_matched_without_backtracking()
    {
        string text = new('a', 100_000);
        string pattern = string.Concat(Enumerable.Repeat("*a", 1_000)) + "*b";

        Assert.Equal("false", Evaluate($"\"{text}\" like \"{pattern}\"").ToString());
    }

    private static Value Evaluate(string source)
    {
        Assert.True(PolicyParser.TryParseExpression(source, out Expression? expression, out ImmutableArray<SyntaxError> errors), errors.FirstOrDefault()?.ToString());
        Assert.True(EntityJson.TryParse(Encoding.UTF8.GetBytes(Known), out EntityStore? entities, out JsonFault? fault), fault?.ToString());
        EvaluationFrame frame = new(new EntityUid("U", "a"), new EntityUid("Action", "act"), new EntityUid("R", "unknown"), ValueRecord.Empty, entities);
        return ExpressionCompiler.Compile(expression).Evaluate(frame);
    }
}
