using System.Collections.Immutable;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Spiffe.Agent.Tasks.Grants;

namespace Spiffe.Agent.Tests.Fuzz.Tasks.Grants;

/// <summary>The laws of grants: "within" is a partial order, and what two grants have in common is within both.</summary>
public sealed class AlgebraProperties
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(3_000);

    [Fact]
    public void A_grant_is_within_itself() => Prop.ForAll(Some.Grant.ToArbitrary(), grant => Assert.True(grant.IsWithin(grant))).Check(Thorough);

    [Fact]
    public void A_grant_written_in_another_order_is_the_same() =>
        Prop.ForAll(Some.Json(true, true).ToArbitrary(), details =>
        {
            AuthorizationDetails one = Some.Joined(details), other = Some.Joined(details.Reverse().Concat(details));

            Assert.Equal(one, other);
            Assert.Equal(one.Digest, other.Digest);
        }).Check(Thorough);

    [Fact]
    public void What_is_written_is_read_again_as_the_same() =>
        Prop.ForAll(Some.Grant.ToArbitrary(), grant =>
        {
            Assert.True(AuthorizationDetails.TryParse(grant.Canonical, out AuthorizationDetails? again, out GrantFault? fault), fault?.ToString());
            Assert.Equal(grant.ToString(), again.ToString());
        }).Check(Thorough);

    [Fact]
    public void Within_is_transitive() =>
        Prop.ForAll(Some.Pair.ToArbitrary(), Some.Pair.ToArbitrary(), (first, second) =>
        {
            foreach ((AuthorizationDetails a, AuthorizationDetails b, AuthorizationDetails c) in Chains(first, second)) Assert.True(!a.IsWithin(b) || !b.IsWithin(c) || a.IsWithin(c), $"{a}\n{b}\n{c}");
        }).Check(Thorough);

    [Fact]
    public void Two_grants_within_one_another_are_equal() =>
        Prop.ForAll(Some.Pair.ToArbitrary(), pair =>
        {
            (AuthorizationDetails a, AuthorizationDetails b) = pair;

            Assert.True(!(a.IsWithin(b) && b.IsWithin(a)) || a.Equals(b), $"{a}\n{b}");
        }).Check(Thorough);

    [Fact]
    public void What_is_granted_is_within_the_request_and_within_the_ceiling() =>
        Prop.ForAll(Some.Grant.ToArbitrary(), Some.Grant.ToArbitrary(), (requested, ceiling) =>
        {
            AuthorizationDetails effective = AuthorizationDetails.Meet(requested, ceiling);

            Assert.True(effective.IsWithin(requested), $"{requested}\n{ceiling}\n{effective}");
            Assert.True(effective.IsWithin(ceiling), $"{requested}\n{ceiling}\n{effective}");
        }).Check(Thorough);

    [Fact]
    public void A_request_within_the_ceiling_is_granted_whole_and_nothing_is_dropped() =>
        Prop.ForAll(Some.Pair.ToArbitrary(), pair =>
        {
            (AuthorizationDetails a, AuthorizationDetails b) = pair;
            if (!a.IsWithin(b)) return;
            GrantMeet meet = GrantMeet.Of(a, new GrantCeiling("the template", b));

            Assert.Equal(a, meet.Effective);
            Assert.Empty(meet.Dropped);
            Assert.Equal(a, AuthorizationDetails.Meet(b, a));
        }).Check(Thorough);

    [Fact]
    public void A_grant_meets_itself_in_itself() => Prop.ForAll(Some.Grant.ToArbitrary(), grant => Assert.Equal(grant, AuthorizationDetails.Meet(grant, grant))).Check(Thorough);

    [Fact]
    public void A_wider_ceiling_never_grants_less_where_nothing_is_counted() =>
        Prop.ForAll(Some.Plain.ToArbitrary(), Some.Plain.ToArbitrary(), Some.Plain.ToArbitrary(), (requested, ceiling, other) =>
        {
            AuthorizationDetails narrower = AuthorizationDetails.Meet(ceiling, other);

            Assert.True(AuthorizationDetails.Meet(requested, narrower).IsWithin(AuthorizationDetails.Meet(requested, ceiling)));
            Assert.True(AuthorizationDetails.Meet(narrower, requested).IsWithin(AuthorizationDetails.Meet(ceiling, requested)));
        }).Check(Thorough);

    [Fact]
    public void Nothing_larger_is_within_both_where_nothing_is_counted() =>
        Prop.ForAll(Some.Plain.ToArbitrary(), Some.Plain.ToArbitrary(), Some.Plain.ToArbitrary(), (a, b, other) =>
        {
            AuthorizationDetails lower = AuthorizationDetails.Meet(AuthorizationDetails.Meet(other, a), b);

            Assert.True(lower.IsWithin(AuthorizationDetails.Meet(a, b)), $"{a}\n{b}\n{lower}");
        }).Check(Thorough);

    [Fact]
    public void Whatever_a_grant_within_another_allows_the_other_allows() =>
        Prop.ForAll(Some.Pair.ToArbitrary(), Some.Question.ToArbitrary(), (pair, question) =>
        {
            (AuthorizationDetails a, AuthorizationDetails b) = pair;

            Assert.True(!a.IsWithin(b) || !a.Find(question).IsGranted || b.Find(question).IsGranted, $"{a}\n{b}\n{question}");
        }).Check(Thorough);

    [Fact]
    public void What_both_allow_their_meet_allows_where_nothing_is_counted() =>
        Prop.ForAll(Some.Plain.ToArbitrary(), Some.Plain.ToArbitrary(), Some.Question.ToArbitrary(), (a, b, question) =>
            Assert.Equal(a.Find(question).IsGranted && b.Find(question).IsGranted, AuthorizationDetails.Meet(a, b).Find(question).IsGranted)).Check(Thorough);

    [Fact]
    public void A_token_for_one_question_is_within_the_detail_that_granted_it() =>
        Prop.ForAll(Some.Grant.ToArbitrary(), Some.Question.ToArbitrary(), (grant, question) =>
        {
            foreach (int at in grant.Find(question).Granting)
            {
                AuthorizationDetail granted = grant.Items[at], narrow = granted.NarrowTo(question);

                Assert.True(DetailOrder.IsWithin(narrow, granted), $"{granted}\n{narrow}");
                Assert.Null(DetailQuestion.FirstMiss(narrow, question));
            }
        }).Check(Thorough);

    [Fact]
    public void What_is_dropped_is_told_with_a_reason_and_what_is_granted_is_not() =>
        Prop.ForAll(Some.Grant.ToArbitrary(), Some.Grant.ToArbitrary(), (requested, ceiling) =>
        {
            GrantMeet meet = GrantMeet.Of(requested, new GrantCeiling("the template", ceiling));

            Assert.Equal(meet.Effective.Equals(requested), meet.Dropped.IsEmpty);
            Assert.All(meet.Dropped, dropped => Assert.NotEmpty(dropped.Reason));
        }).Check(Thorough);

    [Fact]
    public void Mangled_grants_are_refused_or_read_and_never_throw() =>
        Prop.ForAll((from details in Some.Json(true, true) from bytes in Policy.Mangled.BytesOf($"[{string.Join(',', details)}]") select bytes).ToArbitrary(), bytes =>
        {
            if (!AuthorizationDetails.TryParse(bytes, out AuthorizationDetails? read, out GrantFault? fault)) Assert.NotEqual(GrantRule.None, fault.Rule);
            else Assert.True(AuthorizationDetails.TryParse(read.Canonical, out AuthorizationDetails? again, out _) && again.Equals(read), Encoding.UTF8.GetString(bytes));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(10_000));

    [Fact]
    public void These_grants_are_within_and_not_within_one_another_often_enough()
    {
        (AuthorizationDetails A, AuthorizationDetails B)[] pairs = [.. Some.Pair.Sample(2_000)];
        AuthorizationDetails[] meets = [.. pairs.Select(pair => AuthorizationDetails.Meet(pair.A, pair.B))];

        Assert.InRange(pairs.Count(pair => pair.A.Items.Length > 0 && !pair.A.Equals(pair.B) && pair.A.IsWithin(pair.B)), 200, 1_800);
        Assert.InRange(pairs.Count(pair => !pair.A.IsWithin(pair.B)), 200, 1_800);
        Assert.InRange(meets.Count(meet => meet.Items.Length > 0), 200, 1_900);
        Assert.InRange(meets.Count(meet => meet.HasSteps), 20, 1_900);
        Assert.InRange(Some.Plain.Sample(2_000).Zip(Some.Question.Sample(2_000)).Count(pair => pair.First.Find(pair.Second).IsGranted), 20, 1_900);
    }

    private static ImmutableArray<(AuthorizationDetails A, AuthorizationDetails B, AuthorizationDetails C)> Chains((AuthorizationDetails A, AuthorizationDetails B) first, (AuthorizationDetails A, AuthorizationDetails B) second)
    {
        AuthorizationDetails low = AuthorizationDetails.Meet(first.A, second.A);
        return [(first.A, first.B, second.A), (low, first.A, first.B), (low, first.A, second.B), (AuthorizationDetails.Meet(low, second.B), low, first.B), (first.A, second.A, second.B)];
    }
}
