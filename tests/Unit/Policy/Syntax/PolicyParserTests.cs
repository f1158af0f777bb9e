using System.Collections.Immutable;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Tests.Unit.Policy.Syntax;

public sealed class PolicyParserTests
{
    [Fact]
    public void Policies_are_numbered_in_source_order()
    {
        PolicyText text = Parsed("permit(principal, action, resource); forbid(principal, action, resource,);");

        Assert.Equal(["policy0", "policy1"], text.Statements.Select(statement => statement.Id));
        Assert.Equal([PolicyEffect.Permit, PolicyEffect.Forbid], text.Statements.Select(statement => statement.Effect));
    }

    [Fact]
    public void A_scope_keeps_what_it_asks_for()
    {
        PolicyStatement statement = Parsed("""permit(principal is App::User in App::Group::"g", action in [Action::"a", NS::Action::"b",], resource == R::"\u{e9}\n");""").Statements[0];

        IsConstraint principal = Assert.IsType<IsConstraint>(statement.Principal);
        Assert.Equal("App::User", principal.EntityType);
        Assert.Equal("App::Group", principal.In!.Uid!.Type);
        Assert.Equal(["a", "b"], Assert.IsType<InSetConstraint>(statement.Action).Entities.Select(uid => uid.Id));
        Assert.Equal("é\n", Assert.IsType<EqualConstraint>(statement.Resource).Entity.Uid!.Id);
    }

    [Fact]
    public void A_slot_makes_a_template()
    {
        PolicyStatement template = Parsed("permit(principal in ?principal, action, resource is Photo in ?resource);").Statements[0];

        Assert.True(template.IsTemplate);
        PolicyStatement linked = template.Link("mine", new("G", "g"), new("A", "a"));
        Assert.False(linked.IsTemplate);
        Assert.Throws<ArgumentException>(() => template.Link("mine", new("G", "g"), null));
    }

    [Fact]
    public void Annotations_have_any_word_as_name_and_a_value_or_none()
    {
        PolicyStatement statement = Parsed("""@id("x") @if @note("") permit(principal, action, resource);""").Statements[0];

        Assert.Equal([("id", "x"), ("if", null), ("note", "")], statement.Annotations.Select(annotation => (annotation.Name, annotation.Value)));
    }

    [Fact]
    public void Several_errors_are_found_at_once_each_with_its_place()
    {
        const string Source = "permit(principal, action);\npermit(principal, action, resource);\nforbid(principal, action, resource) when { context.x = 1 };\nallow(principal, action, resource);";

        Assert.False(PolicyParser.TryParse(Source, out _, out ImmutableArray<SyntaxError> errors));

        LineMap lines = new(Source);
        Assert.Equal(["1:25", "3:54", "4:1"], errors.Select(error => lines.PositionOf(error.Span.Start).ToString()));
    }

    [Theory]
    [InlineData("principal.if")]
    [InlineData("principal.__cedar")]
    [InlineData("principal has true")]
    [InlineData("{ in: 1 }")]
    [InlineData("{ a: 1, \"a\": 2 }")]
    [InlineData("1 < 2 < 3")]
    [InlineData("1 == 2 == true")]
    [InlineData("!!!!!true")]
    [InlineData("-----1")]
    [InlineData("!-1")]
    [InlineData("1 / 2")]
    [InlineData("1 % 2")]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    [InlineData("-(9223372036854775808)")]
    [InlineData("99999999999999999999999")]
    [InlineData("User")]
    [InlineData("User::alice")]
    [InlineData("?principal")]
    [InlineData("foo(1)")]
    [InlineData("contains([1], 1)")]
    [InlineData("[1].contains()")]
    [InlineData("[1].contains(1, 2)")]
    [InlineData("[].isEmpty(1)")]
    [InlineData("\"1.0\".decimal()")]
    [InlineData("isIpv4(ip(\"::\"))")]
    [InlineData("A::ip(\"::\")")]
    [InlineData("context[1]")]
    [InlineData("context[(\"a\")]")]
    [InlineData("\"a\" like a")]
    [InlineData("\"\\*\"")]
    [InlineData("\"\\x80\"")]
    [InlineData("\"\\u{D800}\"")]
    [InlineData("\"\\u{110000}\"")]
    [InlineData("\"\\u{_1}\"")]
    [InlineData("\"\\u{}\"")]
    [InlineData("\"\\q\"")]
    [InlineData("\"a\rb\"")]
    [InlineData("\"open")]
    [InlineData("1 +")]
    [InlineData("(1")]
    [InlineData("(1)(2)")]
    [InlineData("if true then 1")]
    [InlineData("1 & 2")]
    [InlineData("é")]
    [InlineData("")]
    public void What_is_no_expression_is_refused_with_a_place(string source)
    {
        Assert.False(PolicyParser.TryParseExpression(source, out _, out ImmutableArray<SyntaxError> errors));

        Assert.All(errors, error => Assert.InRange(error.Span.End, 0, source.Length));
        Assert.NotEmpty(errors);
    }

    [Theory]
    [InlineData("permit(principal, action is A, resource);")]
    [InlineData("permit(principal, action == User::\"a\", resource);")]
    [InlineData("permit(principal, action in ?principal, resource);")]
    [InlineData("permit(principal in ?resource, action, resource);")]
    [InlineData("permit(principal == User, action, resource);")]
    [InlineData("permit(principal is U == U::\"a\", action, resource);")]
    [InlineData("permit(resource, action, principal);")]
    [InlineData("permit(principal, action, resource) when {};")]
    [InlineData("permit(principal, action, resource)")]
    [InlineData("@a(\"1\") @a(\"2\") permit(principal, action, resource);")]
    [InlineData("permit(principal: User, action, resource);")]
    public void What_is_no_policy_is_refused(string source) => Assert.False(PolicyParser.TryParse(source, out _, out _));

    [Theory]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("- 5", -5)]
    public void A_minus_sign_belongs_to_the_digits_behind_it(string source, long expected) =>
        Assert.Equal(expected, Assert.IsType<LongLiteral>(Expression(source)).Value);

    [Fact]
    public void A_minus_sign_before_an_attribute_of_a_number_negates_the_attribute() => Assert.IsType<UnaryExpression>(Expression("-1.a"));

    [Fact]
    public void Brackets_are_nested_200_deep_and_no_deeper()
    {
        Assert.IsType<BooleanLiteral>(Expression(new string('(', 199) + "true" + new string(')', 199)));
        foreach (char open in "([")
        {
            Assert.False(PolicyParser.TryParseExpression(new string(open, 1_000_000), out _, out ImmutableArray<SyntaxError> errors));
            Assert.Contains("nested", errors[0].Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(" && ")]
    [InlineData(" || ")]
    [InlineData(" + ")]
    [InlineData(" * ")]
    public void Chains_are_as_long_as_the_depth_allows_and_no_longer(string separator)
    {
        Assert.Equal(SyntaxLimits.MaxDepth, Expression(string.Join(separator, Enumerable.Repeat("1", SyntaxLimits.MaxDepth))).Depth);
        Assert.False(PolicyParser.TryParseExpression(string.Join(separator, Enumerable.Repeat("1", 100_000)), out _, out _));
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_refused() => Assert.False(PolicyParser.TryParseExpression("\"\uD800\"", out _, out _));

    [Fact]
    public void No_more_than_fifty_errors_are_reported()
    {
        Assert.False(PolicyParser.TryParse(string.Concat(Enumerable.Repeat("x;\n", 1_000)), out _, out ImmutableArray<SyntaxError> errors));
        Assert.Equal(SyntaxLimits.MaxErrors, errors.Length);
    }

    [Fact]
    public void What_a_string_is_quoted_as_parses_back()
    {
        const string Text = "\0\t\r\n\"\\'*é\u2028\u200d😀\u0085";

        Assert.Equal(Text, Assert.IsType<StringLiteral>(Expression(StringEscape.Quote(Text))).Value);
        LikePattern pattern = new(["a*", "", "\\"]);
        Assert.Equal(pattern.Parts.ToArray(), Assert.IsType<LikeExpression>(Expression($"\"\" like {StringEscape.Quote(pattern)}")).Pattern.Parts.ToArray());
    }

    private static PolicyText Parsed(string source)
    {
        Assert.True(PolicyParser.TryParse(source, out PolicyText? text, out ImmutableArray<SyntaxError> errors), errors.FirstOrDefault()?.ToString());
        return text;
    }

    private static Expression Expression(string source)
    {
        Assert.True(PolicyParser.TryParseExpression(source, out Expression? expression, out ImmutableArray<SyntaxError> errors), errors.FirstOrDefault()?.ToString());
        return expression;
    }
}
