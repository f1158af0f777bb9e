using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Spiffe.Agent.Policy.Authorization;
using Spiffe.Agent.Policy.Entities;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Tests.Fuzz.Policy;

/// <summary>What holds of every decision, whatever the policies are.</summary>
public sealed class DecisionProperties
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(1_000);

    [Fact]
    public void A_decision_is_what_looking_at_every_policy_gives() =>
        Prop.ForAll(Worlds.All, world => Assert.Equal(Naive.Decide(world.Policies, world.Request, world.Entities), Decide(world.Policies, world))).Check(Thorough);

    [Fact]
    public void The_order_of_policies_changes_nothing() =>
        Prop.ForAll(Worlds.All, Gen.Choose(0, 100).ToArbitrary(), (world, turn) =>
        {
            int at = turn % (world.Policies.Length + 1);
            IEnumerable<PolicyStatement> turned = [.. world.Policies.Skip(at).Reverse(), .. world.Policies.Take(at)];

            Assert.Equal(Decide(world.Policies, world), Decide(turned, world));
        }).Check(Thorough);

    [Fact]
    public void A_further_forbid_never_allows() =>
        Prop.ForAll(Worlds.All, Worlds.Policies.ToArbitrary(), (world, others) =>
        {
            IEnumerable<PolicyStatement> more = [.. world.Policies, .. others.Select(policy => policy with { Id = "further " + policy.Id, Effect = PolicyEffect.Forbid })];

            Assert.True(Decide(world.Policies, world).IsAllowed || !Decide(more, world).IsAllowed);
        }).Check(Thorough);

    [Fact]
    public void A_permit_less_never_allows() =>
        Prop.ForAll(Worlds.All, world =>
        {
            bool isAllowed = Decide(world.Policies, world).IsAllowed;
            foreach (PolicyStatement permit in world.Policies.Where(policy => policy.Effect == PolicyEffect.Permit))
            {
                Assert.True(isAllowed || !Decide(world.Policies.Remove(permit), world).IsAllowed);
            }
        }).Check(Thorough);

    [Fact]
    public void A_policy_that_fails_counts_as_if_it_were_not_there() =>
        Prop.ForAll(Worlds.All, world =>
        {
            AuthorizationDecision decision = PolicySet.Compile(world.Policies).Decide(world.Request, world.Entities);
            HashSet<string> failed = [.. decision.Errors.Select(error => error.PolicyId)];

            Assert.Equal(Outcome.Of(decision) with { Errors = "" }, Decide(world.Policies.Where(policy => !failed.Contains(policy.Id)), world));
        }).Check(Thorough);

    [Fact]
    public void The_same_question_has_the_same_answer_on_every_thread() =>
        Prop.ForAll(Worlds.All, world =>
        {
            PolicySet set = PolicySet.Compile(world.Policies);
            Outcome first = Outcome.Of(set.Decide(world.Request, world.Entities));
            Outcome[] others = new Outcome[16];
            Parallel.For(0, others.Length, i => others[i] = Outcome.Of(set.Decide(world.Request, world.Entities)));

            Assert.All(others, other => Assert.Equal(first, other));
        }).Check(Thorough);

    [Fact]
    public void The_policies_of_these_tests_permit_forbid_and_fail_often_enough()
    {
        // Of a thousand some 160, 105 and 280: what is asked for is more than seven standard deviations away, so that chance fails no run.
        const int Enough = 30;
        Outcome[] outcomes = [.. Worlds.All.Generator.Sample(1_000).Select(world => Decide(world.Policies, world))];

        Assert.InRange(outcomes.Count(outcome => outcome.IsAllowed), Enough, outcomes.Length - Enough);
        Assert.InRange(outcomes.Count(outcome => !outcome.IsAllowed && outcome.Reasons.Length > 0), Enough, outcomes.Length - Enough);
        Assert.InRange(outcomes.Count(outcome => outcome.Errors.Length > 0), Enough, outcomes.Length - Enough);
    }

    private static Outcome Decide(IEnumerable<PolicyStatement> policies, (ImmutableArray<PolicyStatement> Policies, EntityStore Entities, AuthorizationRequest Request) world) =>
        Outcome.Of(PolicySet.Compile(policies).Decide(world.Request, world.Entities));
}
