using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Validation;
using Spiffe.Agent.Tests.Unit.Policy.Bounds;

namespace Spiffe.Agent.Tests.Unit.Policy.Validation;

public sealed class TypeCheckTests
{
    [Theory]
    [InlineData("principal.name == \"a\"")]
    [InlineData("principal has age && principal.age > 1")]
    [InlineData("principal has age && principal[\"age\"] > 1")]
    [InlineData("if principal has age then principal.age > 1 else true")]
    [InlineData("principal has boss.age && principal.boss.age > 1")]
    [InlineData("principal has boss && principal.boss has age && principal.boss.age > 1")]
    [InlineData("principal has address.flat && principal.address.flat == 1")]
    [InlineData("(principal has age || principal has age) && principal.age > 1")]
    [InlineData("(principal has age && principal has boss) && principal.boss.name == \"a\" && principal.age > 1")]
    [InlineData("(if principal.name == \"a\" then principal has age else principal has age) && principal.age > 1")]
    [InlineData("{ b: 1, a: { c: 2 } }.a.c == 2")]
    [InlineData("principal.address has nothing || true")]
    [InlineData("!(principal has nothing)")]
    public void An_attribute_that_is_surely_there_may_be_read(string condition) => Assert.Empty(Strict.ValidateCondition(condition).Errors);

    [Theory]
    [InlineData("principal.age > 1")]
    [InlineData("principal has age || principal.age > 1")]
    [InlineData("!(principal has age) && principal.age > 1")]
    [InlineData("principal.age > 1 && principal has age")]
    [InlineData("if principal has age then true else principal.age > 1")]
    [InlineData("resource.owner has age && principal.age > 1")]
    [InlineData("principal has boss.age && principal.age > 1")]
    [InlineData("(principal has age || principal.name == \"a\") && principal.age > 1")]
    [InlineData("principal.nothing == 1")]
    [InlineData("principal.name.length == 1")]
    [InlineData("action.name == \"a\"")]
    [InlineData("context.mfa")]
    [InlineData("principal.name has length")]
    public void An_attribute_that_may_be_missing_may_not(string condition) => Assert.NotEmpty(Strict.ValidateCondition(condition).Errors);

    [Theory]
    [InlineData("principal.hasTag(\"a\") && principal.getTag(\"a\").contains(\"b\")")]
    [InlineData("principal.hasTag(principal.name) && principal.getTag(principal.name).isEmpty()")]
    [InlineData("resource.hasTag(\"a\") && resource.getTag(\"a\") like \"b*\"")]
    [InlineData("!(Machine::\"a\".hasTag(\"a\"))")]
    [InlineData("Machine::\"a\".hasTag(\"a\") && Machine::\"a\".getTag(\"a\") == 1")]
    public void A_tag_that_is_surely_there_may_be_read(string condition) => Assert.Empty(Strict.ValidateCondition(condition).Errors);

    [Theory]
    [InlineData("principal.getTag(\"a\").isEmpty()")]
    [InlineData("principal.hasTag(\"b\") && principal.getTag(\"a\").isEmpty()")]
    [InlineData("principal.hasTag(1)")]
    [InlineData("principal.name.hasTag(\"a\")")]
    [InlineData("principal has a && principal.getTag(\"a\").isEmpty() || principal.getTag(\"a\").isEmpty()")]
    public void A_tag_that_may_be_missing_may_not(string condition) => Assert.NotEmpty(Strict.ValidateCondition(condition).Errors);

    [Theory]
    [InlineData("1 == 2")]
    [InlineData("1 == \"a\"")]
    [InlineData("principal == resource")]
    [InlineData("principal == Machine::\"a\" || true")]
    [InlineData("[1, 2].contains(3)")]
    [InlineData("[[1], [2]].contains([3])")]
    [InlineData("[principal].containsAny(resource.readers)")]
    [InlineData("[{ a: true }, { a: false }].contains({ a: 1 == 1 })")]
    [InlineData("(if principal.name == \"a\" then { x: true } else { x: false }).x")]
    [InlineData("(if true then 1 else \"a\") == 1")]
    [InlineData("(if false then 1 else \"a\") == \"a\"")]
    [InlineData("principal.seen < datetime(\"2024-01-01\")")]
    [InlineData("principal.seen.toTime() >= duration(\"1h\")")]
    [InlineData("true || 1")]
    [InlineData("false && 1")]
    [InlineData("!(resource is User && resource.age)")]
    public void Operands_of_one_type_are_sound_and_what_is_never_evaluated_is_not_looked_at(string condition) =>
        Assert.Empty(Strict.ValidateCondition(condition).Errors);

    [Theory]
    [InlineData("principal.name == 1")]
    [InlineData("principal.name != 1")]
    [InlineData("[]== []")]
    [InlineData("[1, \"a\"].contains(1)")]
    [InlineData("[principal, resource].contains(principal)")]
    [InlineData("[1].contains(\"a\")")]
    [InlineData("[1].containsAll([\"a\"])")]
    [InlineData("1.contains(1)")]
    [InlineData("[].isEmpty()")]
    [InlineData("{ a: 1 } == { b: 1 }")]
    [InlineData("{ a: 1 } == { a: 1, b: 1 }")]
    [InlineData("principal.address == { street: \"a\" }")]
    [InlineData("principal.address == { street: \"a\", flat: 1 }")]
    [InlineData("(if principal.name == \"a\" then 1 else \"a\") == 1")]
    [InlineData("if 1 then true else false")]
    [InlineData("principal.name < \"a\"")]
    [InlineData("principal.seen < 1")]
    [InlineData("principal.seen < duration(\"1h\")")]
    [InlineData("1 + \"a\" == 2")]
    [InlineData("-\"a\" == 1")]
    [InlineData("!1")]
    [InlineData("1 like \"a\"")]
    [InlineData("1 in principal")]
    [InlineData("principal in 1")]
    [InlineData("principal in [1]")]
    [InlineData("1 is User")]
    [InlineData("1")]
    [InlineData("true && 1")]
    [InlineData("1 || true")]
    [InlineData("1 && false")]
    public void Operands_of_different_types_are_not(string condition) => Assert.NotEmpty(Strict.ValidateCondition(condition).Errors);

    [Theory]
    [InlineData("ip(\"::1\").isLoopback()")]
    [InlineData("decimal(\"1.5\").lessThan(decimal(\"2.0\"))")]
    [InlineData("principal.ips.contains(ip(\"10.0.0.0/8\"))")]
    public void What_a_constructor_is_told_can_be_read(string condition) => Assert.Empty(Strict.ValidateCondition(condition).Errors);

    [Theory]
    [InlineData("ip(\"nowhere\").isLoopback()")]
    [InlineData("ip(principal.name).isLoopback()")]
    [InlineData("ip(1).isLoopback()")]
    [InlineData("ip(\"::1\", \"::2\").isLoopback()")]
    [InlineData("ip(\"::1\").isInRange(decimal(\"1.0\"))")]
    [InlineData("ip(\"::1\").isInRange()")]
    [InlineData("decimal(\"1\").lessThan(decimal(\"2.0\"))")]
    [InlineData("datetime(\"2024-13-01\") == principal.seen")]
    [InlineData("duration(\"1y\") == duration(\"1h\")")]
    [InlineData("decimal(\"1.0\") < decimal(\"2.0\")")]
    public void What_a_constructor_cannot_read_is_an_error(string condition) => Assert.NotEmpty(Strict.ValidateCondition(condition).Errors);

    [Theory]
    [InlineData("principal in Machine::\"a\"")]
    [InlineData("principal in resource")]
    [InlineData("resource is User")]
    [InlineData("resource is User in Team::\"a\"")]
    [InlineData("action == Action::\"view\"")]
    [InlineData("action in Action::\"read\"")]
    [InlineData("action in [Action::\"read\"]")]
    [InlineData("action in Team::\"a\"")]
    [InlineData("Action::\"all\" in action")]
    [InlineData("principal has nothing")]
    [InlineData("action has nothing")]
    public void What_is_surely_false_keeps_the_rest_from_being_looked_at(string condition)
    {
        Assert.Empty(Strict.ValidateCondition($"{condition} && 1").Errors);
        Assert.Single(Strict.ValidateCondition($"{condition} && 1").Warnings);
    }

    [Theory]
    [InlineData("principal in Team::\"a\"")]
    [InlineData("principal in [Team::\"a\", Team::\"b\"]")]
    [InlineData("principal in principal")]
    [InlineData("action in Action::\"write\"")]
    [InlineData("action in [Action::\"read\", Action::\"all\"]")]
    [InlineData("principal is User")]
    [InlineData("principal has name")]
    public void What_may_be_true_does_not(string condition) => Assert.NotEmpty(Strict.ValidateCondition($"{condition} && 1").Errors);

    [Fact]
    public void What_is_surely_true_need_not_be_asked_twice() =>
        Assert.Empty(Strict.ValidateViewCondition("context has mfa || 1").Errors);

    [Fact]
    public void An_entity_may_be_missing_so_having_a_required_attribute_is_no_matter_of_course() =>
        Assert.NotEmpty(Strict.ValidateCondition("principal has name || 1").Errors);

    [Fact]
    public void Expressions_are_alike_however_they_are_laid_out()
    {
        Assert.Empty(Strict.ValidateCondition("{ a: resource, b: 1 }.a has title && { b: 1, a: resource }.a.title == \"x\"").Errors);
        Assert.NotEmpty(Strict.ValidateCondition("{ a: resource, b: 1 }.a has title && { b: 2, a: resource }.a.title == \"x\"").Errors);
        Assert.Empty(Strict.ValidateCondition("(if 1 > 2 then principal else principal) has age && (if !(1 <= 2) then principal else principal).age > 1").Errors);
    }

    [Fact]
    public void The_deepest_expression_that_can_be_parsed_is_checked_on_a_small_stack()
    {
        string condition = string.Join(" && ", Enumerable.Repeat("(principal has age && principal.age > 1)", 450));

        Assert.Empty(OwnThread.Run(OwnThread.SmallStack, () => Strict.ValidateCondition(condition)).Errors);
    }

    [Fact]
    public void A_path_of_any_length_is_checked_on_a_small_stack()
    {
        Assert.True(PolicyParser.TryParse("permit(principal is User, action, resource) when { principal has boss.age };", out PolicyText? text, out _));
        PolicyStatement policy = text.Statements[0];
        HasExpression has = (HasExpression)policy.Conditions[0].Body;
        HasExpression longer = has with { Path = [.. Enumerable.Repeat("boss", 20_000), "age"] };
        PolicyStatement hostile = policy with { Conditions = [policy.Conditions[0] with { Body = longer }] };

        Assert.Empty(OwnThread.Run(256 * 1024, () => PolicyValidator.Validate(Strict.Read(), [hostile])).Errors);
    }

    [Fact]
    public void An_expression_deeper_than_any_that_is_parsed_is_refused()
    {
        Assert.True(PolicyParser.TryParse("permit(principal, action, resource) when { true };", out PolicyText? text, out _));
        PolicyStatement policy = text.Statements[0];
        Expression body = policy.Conditions[0].Body;
        for (int depth = 0; depth < 100_000; depth++) body = new UnaryExpression(UnaryOperator.Not, body, body.Span);

        Assert.Single(PolicyValidator.Validate(Strict.Read(), [policy with { Conditions = [policy.Conditions[0] with { Body = body }] }]).Errors);
    }
}
