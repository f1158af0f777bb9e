using Spiffe.Agent.Issuance;
using Spiffe.Agent.Issuance.Admission;
using Spiffe.Agent.Tests.TestKit.Time;

namespace Spiffe.Agent.Tests.Unit.Issuance;

public sealed class AdmissionTests
{
    [Fact]
    public async Task A_caller_that_no_entry_describes_is_admitted_to_nothing()
    {
        using IssuanceBench bench = new(IssuanceBench.For("unix:uid:4242", "/other"));
        using WorkloadLease lease = await bench.AdmitAsync();
        Assert.False(lease.IsEntitled);
        Assert.Null(lease.HoldX509());
        Assert.Null(lease.HoldWit(null));
        Assert.Equal(0, bench.Service.Counters.X509);
    }

    [Fact]
    public async Task A_caller_from_a_foreign_pid_namespace_is_refused()
    {
        using IssuanceBench bench = new(IssuanceBench.Mine("/web"));
        using Caller hidden = Caller.Open(0, IssuanceBench.UserId, IssuanceBench.GroupId, null);
        Assert.Equal(Refusal.PeerNotVisible, (await bench.Service.AdmitAsync(hidden, CancellationToken.None)).Refusal);
    }

    [Fact]
    public async Task A_caller_whose_ids_are_not_those_it_connected_with_is_refused()
    {
        using IssuanceBench bench = new(IssuanceBench.Mine("/web"));
        using Caller impostor = Caller.Open(Environment.ProcessId, IssuanceBench.UserId + 1, IssuanceBench.GroupId, null);
        Assert.Equal(Refusal.PeerGone, (await bench.Service.AdmitAsync(impostor, CancellationToken.None)).Refusal);
    }

    [Fact]
    public async Task The_budget_is_asked_before_any_evidence_and_refused_callers_are_counted()
    {
        using IssuanceBench bench = new(IssuanceBench.Mine("/web"));
        for (int i = 0; i < IssuanceBench.Rate; i++) (await bench.AdmitAsync()).Dispose();
        Assert.Equal(Refusal.RateLimited, (await bench.Service.AdmitAsync(bench.Self, CancellationToken.None)).Refusal);
        Assert.Equal(1, bench.Service.Counters.Denied);
        bench.Time.Pass(TimeSpan.FromSeconds(1));
        (await bench.AdmitAsync()).Dispose();
    }

    [Fact]
    public void One_users_flood_takes_nothing_from_another_user()
    {
        UserBudget budget = new(10, 20, new ManualTime());
        for (int i = 0; i < 20; i++) Assert.True(budget.TryTake(1, 1));
        Assert.False(budget.TryTake(1, 1));
        Assert.True(budget.TryTake(2, 1));
    }

    [Fact]
    public void One_process_that_takes_all_it_can_leaves_its_siblings_a_part()
    {
        ManualTime time = new();
        UserBudget budget = new(100, 100, time);
        int flood = 0;
        while (budget.TryTake(1, 10)) flood++;
        Assert.InRange(flood, 75, 100);
        for (int second = 0; second < 10; second++)
        {
            time.Pass(TimeSpan.FromSeconds(1));
            flood = 0;
            while (budget.TryTake(1, 10)) flood++;
            Assert.InRange(flood, 50, 100);
        }

        time.Pass(TimeSpan.FromMilliseconds(500));
        while (budget.TryTake(1, 10)) flood++;
        for (int i = 0; i < 5; i++) Assert.True(budget.TryTake(1, 11));
    }

    [Fact]
    public void A_million_users_do_not_grow_the_budget_without_bound()
    {
        ManualTime time = new();
        UserBudget budget = new(10, 20, time);
        for (uint user = 0; user < UserBudget.MaxUsers; user++) Assert.True(budget.TryTake(user, 1));
        for (int i = 0; i < 20; i++) Assert.True(budget.TryTake(1_000_000, 1)); // No room, nobody's bucket is full: strangers share one.
        Assert.False(budget.TryTake(1_000_001, 1));
        time.Pass(TimeSpan.FromSeconds(5)); // Now all are full, and the full ones are forgotten.
        Assert.True(budget.TryTake(1_000_001, 1));
    }

    [Fact]
    public void A_user_who_is_denied_without_end_gets_one_line_a_minute_and_a_count()
    {
        ManualTime time = new();
        DenialNotes notes = new(time);
        Assert.True(notes.IsWorthALine(1, Refusal.NoIdentity, out _));
        for (int i = 0; i < 1000; i++) Assert.False(notes.IsWorthALine(1, Refusal.NoIdentity, out _));
        Assert.True(notes.IsWorthALine(1, Refusal.RateLimited, out _));
        Assert.True(notes.IsWorthALine(2, Refusal.NoIdentity, out _));
        time.Pass(DenialNotes.Quiet);
        Assert.True(notes.IsWorthALine(1, Refusal.NoIdentity, out long unwritten));
        Assert.Equal(1000, unwritten);
    }

    [Fact]
    public void Notes_of_denials_are_bounded()
    {
        ManualTime time = new();
        DenialNotes notes = new(time);
        for (uint user = 0; user < 3 * DenialNotes.MaxNotes; user++)
        {
            time.Pass(TimeSpan.FromMilliseconds(1));
            Assert.True(notes.IsWorthALine(user, Refusal.NoIdentity, out _));
        }

        Assert.True(notes.IsWorthALine(0, Refusal.NoIdentity, out _)); // Its note was dropped long ago.
    }
}
