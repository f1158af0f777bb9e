using Spiffe.Agent.Policy.Authorization;
using Spiffe.Agent.Policy.Entities;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Tests.Unit.Policy.Authorization;

public sealed class PolicySetTests
{
    private static readonly AuthorizationRequest Request = new(new("User", "alice"), new("Action", "view"), new("Photo", "p"), ValueRecord.Empty);

    private static readonly EntityStore Entities = Store(
        new EntityData(new("User", "alice"), ValueRecord.Empty, [new("Group", "staff")], ValueRecord.Empty),
        new EntityData(new("Group", "staff"), ValueRecord.Empty, [new("Group", "all")], ValueRecord.Empty),
        new EntityData(new("Action", "view"), ValueRecord.Empty, [new("Action", "read"), new("Action", "any")], ValueRecord.Empty));

    [Fact]
    public void Without_a_permit_the_answer_is_no() => Same(false, [], [], Decide(""));

    [Fact]
    public void A_forbid_overrides_every_permit() =>
        Same(false, ["policy1"], [], Decide("permit(principal, action, resource); forbid(principal, action, resource); permit(principal, action, resource);"));

    [Fact]
    public void A_policy_that_fails_is_skipped_and_reported() =>
        Same(true, ["policy1"], ["policy0"], Decide("forbid(principal, action, resource) when { 1 + true }; permit(principal, action, resource);"));

    [Fact]
    public void A_condition_that_is_no_bool_fails() => Same(false, [], ["policy0"], Decide("permit(principal, action, resource) unless { 1 };"));

    [Fact]
    public void A_condition_behind_one_that_does_not_hold_is_not_looked_at() => Same(false, [], [], Decide("permit(principal, action, resource) when { false } when { 1 };"));

    [Theory]
    [InlineData("principal == User::\"alice\"", true)]
    [InlineData("principal == Group::\"staff\"", false)]
    [InlineData("principal in User::\"alice\"", true)]
    [InlineData("principal in Group::\"all\"", true)]
    [InlineData("principal in Group::\"none\"", false)]
    [InlineData("principal is User", true)]
    [InlineData("principal is Group", false)]
    [InlineData("principal is User in Group::\"staff\"", true)]
    [InlineData("principal is Group in Group::\"staff\"", false)]
    public void The_scope_of_the_principal_decides(string principal, bool expected) => Assert.Equal(expected, Decide($"permit({principal}, action, resource);").IsAllowed);

    [Theory]
    [InlineData("action == Action::\"view\"", true)]
    [InlineData("action == Action::\"read\"", false)]
    [InlineData("action in Action::\"read\"", true)]
    [InlineData("action in [Action::\"edit\", Action::\"any\"]", true)]
    [InlineData("action in [Action::\"edit\"]", false)]
    [InlineData("action in []", false)]
    public void The_scope_of_the_action_decides(string action, bool expected) => Assert.Equal(expected, Decide($"permit(principal, {action}, resource);").IsAllowed);

    [Fact]
    public void A_policy_that_is_found_twice_is_named_once() =>
        Same(true, ["policy0"], [], Decide("permit(principal, action in [Action::\"read\", Action::\"any\", Action::\"view\"], resource);"));

    [Fact]
    public void Reasons_stand_in_source_order_however_the_policies_are_filed()
    {
        string[] scopes = ["principal, action, resource is Photo", "principal == User::\"alice\", action, resource", "principal, action, resource", "principal in Group::\"all\", action, resource"];
        string source = string.Concat(Enumerable.Range(0, 200).Select(i => $"permit({scopes[i % scopes.Length]});"));

        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"policy{i}"), Decide(source).Reasons);
    }

    [Fact]
    public void A_template_must_be_linked_before_it_decides()
    {
        Assert.True(PolicyParser.TryParse("permit(principal == ?principal, action, resource);", out PolicyText? text, out _));

        Assert.Throws<ArgumentException>(() => PolicySet.Compile(text));
        PolicySet linked = PolicySet.Compile([text.Statements[0].Link("mine", new("User", "alice"), null)]);
        Same(true, ["mine"], [], linked.Decide(Request, Entities));
    }

    [Fact]
    public void Two_policies_with_one_id_are_refused()
    {
        Assert.True(PolicyParser.TryParse("permit(principal, action, resource);", out PolicyText? text, out _));

        Assert.False(PolicySet.TryCompile([text.Statements[0], text.Statements[0]], out _, out string? error));
        Assert.Contains("policy0", error, StringComparison.Ordinal);
    }

    private static AuthorizationDecision Decide(string source)
    {
        Assert.True(PolicyParser.TryParse(source, out PolicyText? text, out _));
        return PolicySet.Compile(text).Decide(Request, Entities);
    }

    private static EntityStore Store(params EntityData[] entities)
    {
        Assert.True(EntityStore.TryCreate(entities, out EntityStore? store, out string? error), error);
        return store;
    }

    private static void Same(bool isAllowed, string[] reasons, string[] errors, AuthorizationDecision decision)
    {
        Assert.Equal(isAllowed, decision.IsAllowed);
        Assert.Equal(reasons, decision.Reasons);
        Assert.Equal(errors, decision.Errors.Select(error => error.PolicyId));
    }
}
