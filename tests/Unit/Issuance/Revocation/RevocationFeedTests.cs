using Spiffe.Agent.Issuance.Revocation;

namespace Spiffe.Agent.Tests.Unit.Issuance.Revocation;

/// <summary>A reader that comes back misses nothing: it gets the events since, or everything anew.</summary>
public sealed class RevocationFeedTests
{
    private readonly LedgerBench _bench = new();

    private RevocationLedger Ledger => _bench.Ledger;

    [Fact]
    public void A_new_reader_begins_with_all_that_is_dead_and_goes_on_with_events()
    {
        CredentialRecord before = _bench.Enter();
        Ledger.RevokeTask(LedgerBench.Task, 0, RevocationReason.Suspended);
        CredentialRecord alive = _bench.Enter(generation: 1);

        RevocationPage first = Ledger.Read(RevocationCursor.Start);
        Ledger.EndTasks([LedgerBench.Task], RevocationReason.Failed);
        RevocationPage second = Ledger.Read(first.Next);

        Assert.True(first.IsReset);
        RevokedCredential standing = Assert.Single(first.Standing);
        Assert.Equal((before, CredentialStatus.Suspended, RevocationReason.Suspended), (standing.Credential, standing.Status, standing.Reason));
        Assert.False(second.IsReset);
        Assert.Equal([alive.Id, before.Id], Assert.Single(second.Events).Credentials.Select(c => c.Credential.Id));
    }

    [Fact]
    public void Nothing_new_is_an_empty_page_at_the_same_place()
    {
        RevocationPage first = Ledger.Read(RevocationCursor.Start);
        RevocationPage again = Ledger.Read(first.Next);

        Assert.True(again.IsEmpty);
        Assert.Equal(first.Next, again.Next);
    }

    [Fact]
    public void Pages_join_without_gap_or_repeat()
    {
        RevocationCursor cursor = Ledger.Read(RevocationCursor.Start).Next;
        int events = RevocationLedger.MaxPageEvents + 10;
        for (int i = 0; i < events; i++) Ledger.RevokeTask(LedgerBench.Task, i, RevocationReason.Narrowed);

        List<long> seen = [];
        for (RevocationPage page = Ledger.Read(cursor); !page.IsEmpty; page = Ledger.Read(page.Next))
        {
            Assert.False(page.IsReset);
            Assert.InRange(page.Events.Length, 1, RevocationLedger.MaxPageEvents);
            seen.AddRange(page.Events.Select(e => e.Sequence));
        }

        Assert.Equal(Enumerable.Range(1, events).Select(i => (long)i), seen);
    }

    [Fact]
    public void A_reader_that_was_away_for_longer_than_the_ring_begins_anew()
    {
        CredentialRecord dead = _bench.Enter();
        RevocationCursor cursor = Ledger.Read(RevocationCursor.Start).Next;
        Ledger.RevokeCredentials([(dead.Kind, dead.Id)], RevocationReason.Withdrawn);
        for (int i = 0; i < EventRing.MaxEvents - 1; i++) Ledger.RevokeTask(LedgerBench.Task, i, RevocationReason.Narrowed);
        Assert.False(Ledger.Read(cursor).IsReset);

        Ledger.RevokeTask(LedgerBench.Task, EventRing.MaxEvents, RevocationReason.Narrowed);
        RevocationPage page = Ledger.Read(cursor);

        Assert.True(page.IsReset);
        Assert.Equal(dead, Assert.Single(page.Standing).Credential);
        Assert.True(Ledger.Read(page.Next).IsEmpty);
    }

    [Fact]
    public void A_cursor_of_another_run_begins_anew()
    {
        RevocationCursor old = new LedgerBench().Ledger.Read(RevocationCursor.Start).Next;
        Assert.True(Ledger.Read(old).IsReset);
        Assert.True(Ledger.Read(old with { Sequence = long.MaxValue }).IsReset);
    }

    [Fact]
    public void A_cursor_ahead_of_everything_begins_anew_and_hides_nothing()
    {
        // On a naive feed a forged cursor makes its reader wait for an event that comes much later, and miss all before it.
        CredentialRecord credential = _bench.Enter();
        RevocationCursor forged = new(Ledger.Epoch, 1_000_000);
        Ledger.RevokeCredentials([(credential.Kind, credential.Id)], RevocationReason.Compromised);

        RevocationPage page = Ledger.Read(forged);

        Assert.True(page.IsReset);
        Assert.Single(page.Standing);
        Assert.True(Ledger.Read(new RevocationCursor(Ledger.Epoch, -1)).IsReset);
    }

    [Fact]
    public void A_cursor_that_was_rolled_back_gets_the_same_events_again()
    {
        Ledger.RevokeTask(LedgerBench.Task, 0, RevocationReason.Narrowed);
        Ledger.RevokeTask(LedgerBench.Task, 1, RevocationReason.Narrowed);

        RevocationPage all = Ledger.Read(new RevocationCursor(Ledger.Epoch, 0));
        RevocationPage last = Ledger.Read(new RevocationCursor(Ledger.Epoch, 1));

        Assert.Equal([1, 2], all.Events.Select(e => e.Sequence));
        Assert.Same(all.Events[1], Assert.Single(last.Events));
    }

    [Fact]
    public void A_reset_names_what_was_forgotten_no_more()
    {
        _bench.Enter();
        Ledger.RevokeTask(LedgerBench.Task, 0, RevocationReason.Withdrawn);
        _bench.Time.Pass(TimeSpan.FromMinutes(10));
        Ledger.Sweep();
        Ledger.RevokeTask(LedgerBench.Task, 1, RevocationReason.Withdrawn);

        Assert.Empty(Ledger.Read(RevocationCursor.Start).Standing);
    }

    [Fact]
    public void The_ring_is_bounded_by_credentials_too()
    {
        EventRing ring = new();
        RevokedCredential dead = new(_bench.New(), CredentialStatus.Revoked, RevocationReason.Failed, _bench.Time.GetUtcNow());
        RevocationEvent Of(long sequence, int credentials) => new(sequence, dead.At, dead.Reason, [], [.. Enumerable.Repeat(dead, credentials)]);

        ring.Add(Of(1, EventRing.MaxCredentials / 2));
        ring.Add(Of(2, EventRing.MaxCredentials / 2));
        Assert.True(ring.HasAllAfter(0));
        ring.Add(Of(3, 1));
        Assert.False(ring.HasAllAfter(0));
        Assert.True(ring.HasAllAfter(1));
        ring.Add(Of(4, EventRing.MaxCredentials + 1)); // One step is never cut in two.
        Assert.False(ring.HasAllAfter(2));
        Assert.True(ring.HasAllAfter(3));
    }

    [Fact]
    public void A_cursor_survives_being_written_and_read()
    {
        RevocationCursor cursor = new(Guid.Parse("0123456789abcdef0123456789abcdef"), long.MaxValue);
        Assert.True(cursor.ToString().Length <= RevocationCursor.MaxLength);
        Assert.True(RevocationCursor.TryParse(cursor.ToString(), out RevocationCursor read));
        Assert.Equal(cursor, read);
        Assert.True(RevocationCursor.TryParse("", out read));
        Assert.Equal(RevocationCursor.Start, read);
    }

    [Theory]
    [InlineData("0123456789abcdef0123456789abcdef.")]
    [InlineData("0123456789abcdef0123456789abcdef.-1")]
    [InlineData("0123456789abcdef0123456789abcdef.01")]
    [InlineData("0123456789ABCDEF0123456789abcdef.1")]
    [InlineData("0123456789abcdef0123456789abcdef.9223372036854775808")]
    [InlineData("0123456789abcdef0123456789abcdef 1")]
    [InlineData("0123456789abcdef0123456789abcdef.1 ")]
    [InlineData("1")]
    public void What_no_ledger_wrote_is_no_cursor(string text) => Assert.False(RevocationCursor.TryParse(text, out _));
}
