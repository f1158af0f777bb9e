using System.Collections.Immutable;
using System.Text;
using Spiffe.Agent.Policy.Json;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Validation;

namespace Spiffe.Agent.Tests.Unit.Policy.Validation;

public sealed class PolicyValidatorTests
{
    [Theory]
    [InlineData("permit(principal, action, resource);")]
    [InlineData("permit(principal in Team::\"a\", action in Action::\"all\", resource in Team::\"a\");")]
    [InlineData("permit(principal is User in Team::\"a\", action in [Action::\"read\", Action::\"write\"], resource);")]
    [InlineData("permit(principal == ?principal, action, resource in ?resource) when { principal has name };")]
    [InlineData("permit(principal is User in ?principal, action, resource) when { principal.address.street == \"x\" };")]
    [InlineData("permit(principal, action == Action::\"view\", resource) when { context.mfa && principal.name like \"a*\" };")]
    public void A_policy_that_fits_the_schema_is_valid(string policy)
    {
        ValidationReport report = Strict.Validate(policy);

        Assert.Empty(report.Errors);
        Assert.Empty(report.Warnings);
    }

    [Theory]
    [InlineData("permit(principal == Nobody::\"a\", action, resource);")]
    [InlineData("permit(principal is Nobody, action, resource);")]
    [InlineData("permit(principal, action == Action::\"fly\", resource);")]
    [InlineData("permit(principal, action == Other::Action::\"view\", resource);")]
    [InlineData("permit(principal, action, resource) when { false && resource == Nobody::\"a\" };")]
    [InlineData("permit(principal, action, resource) when { false && Colour::\"blue\" == Colour::\"red\" };")]
    [InlineData("permit(principal, action, resource) when { false && principal is Nobody };")]
    public void Names_that_are_not_declared_are_errors_even_where_nothing_is_evaluated(string policy) => Assert.False(Strict.Validate(policy).IsValid);

    [Theory]
    [InlineData("permit(principal is Team, action, resource);")]
    [InlineData("permit(principal, action, resource is User);")]
    [InlineData("permit(principal is Machine, action == Action::\"edit\", resource);")]
    [InlineData("permit(principal, action == Action::\"all\", resource);")]
    [InlineData("permit(principal, action == Other::Action::\"list\", resource);")]
    [InlineData("permit(principal in Colour::\"red\", action, resource);")]
    [InlineData("permit(principal, action in [], resource);")]
    [InlineData("permit(principal is Doc, action, resource is User) when { 1 == true };")]
    public void A_scope_to_which_no_action_applies_is_an_error_and_a_warning(string policy)
    {
        ValidationReport report = Strict.Validate(policy);

        Assert.Contains(report.Errors, error => error.Message.StartsWith("no action applies", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("User", "a", "Team", "t", null)]
    [InlineData("Nobody", "a", "Team", "t", "entity type Nobody is not declared")]
    [InlineData("User", "a", "Colour", "blue", "entity type Colour has no entity \"blue\"")]
    [InlineData("Machine", "m", "Team", "t", "no action applies")]
    [InlineData("User", "a", "User", "a", "no action applies")]
    public void A_linked_policy_is_validated_with_what_fills_the_slots(string principal, string principalId, string resource, string resourceId, string? refusal)
    {
        Assert.True(PolicyParser.TryParse("permit(principal == ?principal, action == Action::\"edit\", resource in ?resource) when { principal.name == \"x\" };", out PolicyText? text, out _));
        PolicyStatement template = text.Statements[0], link = template.Link("mine", new(principal, principalId), new(resource, resourceId));

        // The template fits the schema, whatever comes into its slots.
        Assert.True(PolicyValidator.Validate(Strict.Read(), text).IsValid);
        ValidationReport report = PolicyValidator.Validate(Strict.Read(), [template, link]);

        Assert.Equal(refusal is null, report.IsValid);
        Assert.All(report.Errors, error => Assert.Equal("mine", error.PolicyId));
        if (refusal is not null) Assert.Contains(report.Errors, error => error.Message.Contains(refusal, StringComparison.Ordinal));
    }

    [Fact]
    public void Links_of_a_JSON_set_are_validated_under_their_own_ids()
    {
        const string Json = """
            {"templates":{"t":{"effect":"permit","principal":{"op":"in","slot":"?principal"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[]}},
             "templateLinks":[{"templateId":"t","newId":"good","values":{"?principal":{"type":"Team","id":"a"}}},
                              {"templateId":"t","newId":"bad","values":{"?principal":{"type":"Doc","id":"a"}}}]}
            """;
        Assert.True(PolicyJson.TryParseSet(Encoding.UTF8.GetBytes(Json), out ImmutableArray<PolicyStatement> statements, out _));

        Assert.Equal("bad", Assert.Single(PolicyValidator.Validate(Strict.Read(), statements).Errors.Select(error => error.PolicyId).Distinct()));
    }

    [Fact]
    public void A_policy_whose_conditions_are_never_true_is_only_warned_of()
    {
        ValidationReport report = Strict.Validate("@id(\"x\") permit(principal, action, resource) when { resource is User };");

        Assert.True(report.IsValid);
        Assert.Equal("policy0", Assert.Single(report.Warnings).PolicyId);
    }

    [Fact]
    public void A_condition_is_checked_for_every_kind_of_request()
    {
        Assert.False(Strict.Validate("permit(principal, action, resource) when { principal.ips.isEmpty() };").IsValid);
        Assert.True(Strict.Validate("permit(principal, action == Action::\"edit\", resource) when { principal.ips.isEmpty() };").IsValid);
        Assert.True(Strict.Validate("permit(principal, action, resource) when { principal is User && principal.ips.isEmpty() };").IsValid);
        Assert.False(Strict.Validate("permit(principal, action, resource) when { context.mfa };").IsValid);
        Assert.True(Strict.Validate("permit(principal, action, resource) when { action in Action::\"read\" && context.mfa };").IsValid);
    }

    [Fact]
    public void Conditions_follow_each_other_as_if_joined_by_and()
    {
        Assert.True(Strict.Validate("permit(principal is User, action, resource) when { principal has age } when { principal.age > 1 };").IsValid);
        Assert.True(Strict.Validate("permit(principal is User, action, resource) unless { !(principal has age) } when { true };").IsValid);
        Assert.False(Strict.Validate("permit(principal is User, action, resource) unless { principal has age } when { principal.age > 1 };").IsValid);
        Assert.True(Strict.Validate("permit(principal, action, resource) when { false } when { 1 + \"a\" == 2 };").IsValid);
        Assert.True(Strict.Validate("permit(principal, action, resource) unless { true } when { 1 + \"a\" == 2 };").IsValid);
    }

    [Fact]
    public void Every_policy_and_every_place_is_reported_once()
    {
        ValidationReport report = Strict.Validate("permit(principal, action, resource) when { principal.x && 1 };\nforbid(principal, action, resource) when { \"a\" + 1 > 2 };");

        Assert.Equal(["policy0", "policy0", "policy0", "policy1"], report.Errors.Select(error => error.PolicyId));
        Assert.Equal(report.Errors.Distinct(), report.Errors);
    }

    [Fact]
    public void A_template_is_checked_for_every_type_that_can_fill_its_slot()
    {
        Assert.True(Strict.Validate("permit(principal, action, resource in ?resource) when { resource.owner == principal || true };").IsValid);
        Assert.Single(Strict.Validate("permit(principal is Team in ?principal, action, resource);").Warnings);
    }

    [Fact]
    public void Against_a_schema_without_actions_no_policy_applies()
    {
        ValidationReport report = Strict.Validate("permit(principal, action, resource);", Strict.Read("entity A;"));

        Assert.False(report.IsValid);
        Assert.Single(report.Warnings);
    }

    [Fact]
    public void A_policy_that_takes_too_long_is_refused_and_not_waited_for()
    {
        string types = string.Join(", ", Enumerable.Range(0, 900).Select(n => $"T{n}"));
        string condition = string.Join(" && ", Enumerable.Range(0, 100).Select(n => $"context.x < {n}"));

        ValidationReport report = Strict.Validate(
            $"permit(principal, action, resource) when {{ {condition} }};",
            Strict.Read($"entity {types}; action a appliesTo {{ principal: [{types}], resource: [{types}], context: {{ x: Long }} }};"));

        Assert.Contains("too long", Assert.Single(report.Errors).Message, StringComparison.Ordinal);
    }
}
