using FsCheck;
using FsCheck.Fluent;
using Spiffe.Agent.Tasks.Grants;

namespace Spiffe.Agent.Tests.Fuzz.Tasks.Grants;

/// <summary>Uses are conserved: whoever uses, hands on, returns or narrows in whatever order, nobody together uses more than was granted.</summary>
public sealed class LedgerProperties
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(500);

    private static Gen<(int Who, int What, int Which)[]> Walk =>
        from length in Gen.Choose(1, 60)
        from steps in Gen.ArrayOf(from who in Gen.Choose(0, 3) from what in Gen.Choose(0, 5) from which in Gen.Choose(0, 30) select (who, what, which), length)
        select steps;

    [Fact]
    public void Used_and_handed_on_and_remaining_make_the_maximum_and_nobody_uses_more() =>
        Prop.ForAll(Some.Grant.ToArbitrary(), Some.Grant.ToArbitrary(), Walk.ToArbitrary(), (grant, wanted, walk) =>
        {
            UseLedger parent = UseLedger.Of(grant);
            List<(UseDebit Debit, UseLedger Ledger)> children = [];
            long[] uses = new long[1 + walk.Length];
            foreach ((int who, int what, int which) in walk)
            {
                if (what == 0 && parent.TryDebit(AuthorizationDetails.Meet(wanted, parent.Delegable), out UseDebit? debit, out UseLedger next))
                {
                    Assert.Same(parent, parent.Return(debit, parent));
                    AuthorizationDetails given = AuthorizationDetails.Meet(wanted, parent.Delegable);
                    parent = next;
                    children.Add((debit, UseLedger.Of(given)));
                }
                else if (what == 1 && children.Count > 0)
                {
                    (UseDebit back, UseLedger ledger) = children[which % children.Count];
                    parent = parent.Return(back, ledger);
                    Assert.Same(parent, parent.Return(back, ledger));
                    children.RemoveAt(which % children.Count);
                }
                else if (what > 1 && who == 0 && grant.Items.Length > 0)
                {
                    if (parent.TryUse(which % grant.Items.Length, Now, out parent) == UseOutcome.Counted) uses[0]++;
                }
                else if (what > 1 && children.Count > 0)
                {
                    int at = which % children.Count;
                    (UseDebit own, UseLedger ledger) = children[at];
                    if (ledger.Grant.Items.IsEmpty) continue;
                    if (ledger.TryUse(who % ledger.Grant.Items.Length, Now, out ledger) == UseOutcome.Counted) uses[0]++;
                    children[at] = (own, ledger);
                }

                for (int i = 0; i < grant.Items.Length; i++)
                {
                    if (grant.Items[i].Constraints.MaxUses is not { } max) continue;
                    Assert.Equal(max, parent.Used(i) + parent.HandedOn(i) + parent.Remaining(i));
                    Assert.True(parent.Remaining(i) >= 0 && parent.Used(i) >= 0 && parent.HandedOn(i) >= 0);
                }
            }

            if (grant.Items.All(detail => detail.Constraints.MaxUses is not null)) Assert.True(uses[0] <= grant.Items.Sum(detail => detail.Constraints.MaxUses!.Value));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void What_a_child_may_be_given_is_within_the_parent() =>
        Prop.ForAll(Some.Grant.ToArbitrary(), Walk.ToArbitrary(), (grant, walk) =>
        {
            UseLedger ledger = UseLedger.Of(grant);
            foreach ((_, _, int which) in walk)
            {
                if (grant.Items.Length > 0) _ = ledger.TryUse(which % grant.Items.Length, Now, out ledger);
                Assert.True(ledger.Delegable.IsWithin(grant));
                Assert.True(ledger.TryDebit(ledger.Delegable, out _, out _));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void Narrowing_never_gives_uses_back() =>
        Prop.ForAll(Some.Grant.ToArbitrary(), Some.Grant.ToArbitrary(), Walk.ToArbitrary(), (grant, other, walk) =>
        {
            UseLedger ledger = UseLedger.Of(grant);
            foreach ((_, _, int which) in walk)
            {
                if (grant.Items.Length > 0) _ = ledger.TryUse(which % grant.Items.Length, Now, out ledger);
            }

            if (grant.Items.Any(detail => detail.Constraints.MaxUses is null)) return;
            Assert.True(ledger.TryNarrow(AuthorizationDetails.Meet(other, grant), out UseLedger? narrow));
            Assert.True(Left(narrow) <= Left(ledger));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void Steps_are_taken_in_ascending_order_and_never_again_after_a_higher_one() =>
        Prop.ForAll(Some.Grant.ToArbitrary(), Walk.ToArbitrary(), (grant, walk) =>
        {
            UseLedger ledger = UseLedger.Of(grant);
            int highest = 0;
            foreach ((_, _, int which) in walk)
            {
                if (grant.Items.IsEmpty || ledger.TryUse(which % grant.Items.Length, Now, out ledger) != UseOutcome.Counted) continue;
                if (grant.Items[which % grant.Items.Length].Constraints.Order is not { } step) continue;
                Assert.InRange(step, Math.Max(1, highest), highest + 1);
                highest = step;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    private static long Left(UseLedger ledger) => Enumerable.Range(0, ledger.Grant.Items.Length).Sum(i => ledger.Remaining(i)!.Value);
}
