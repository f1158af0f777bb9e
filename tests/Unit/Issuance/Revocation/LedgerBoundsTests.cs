using Spiffe.Agent.Issuance.Revocation;

namespace Spiffe.Agent.Tests.Unit.Issuance.Revocation;

/// <summary>The ledger is bounded by refusing, never by forgetting what lives; and forgets what is over, whatever the clock does meanwhile.</summary>
public sealed class LedgerBoundsTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void A_full_ledger_refuses_and_forgets_nothing()
    {
        LedgerBench bench = new(new RevocationOptions { MaxCredentials = 3, StatusListUri = "https://node.example.org/status" });
        CredentialRecord[] held = [bench.Enter(), bench.Enter(CredentialKind.X509), bench.Enter()];
        bench.Ledger.RevokeCredentials([(held[0].Kind, held[0].Id)], RevocationReason.Withdrawn);

        Assert.Equal(LedgerRefusal.Full, bench.Ledger.Issued(bench.New()));

        Assert.Equal(CredentialStatus.Revoked, bench.StatusOf(held[0]));
        Assert.Equal(CredentialStatus.Valid, bench.StatusOf(held[1]));
        Assert.Equal(3, bench.Ledger.Count);
    }

    [Fact]
    public void A_full_ledger_takes_again_when_something_expired()
    {
        LedgerBench bench = new(new RevocationOptions { MaxCredentials = 1 });
        CredentialRecord first = bench.Enter(life: Minute);

        bench.Time.Pass(Minute + LedgerBench.Leeway + Minute - TimeSpan.FromSeconds(1));
        Assert.Equal(LedgerRefusal.Full, bench.Ledger.Issued(bench.New()));
        bench.Time.Pass(TimeSpan.FromSeconds(1));

        Assert.Equal(LedgerRefusal.None, bench.Ledger.Issued(bench.New()));
        Assert.Equal(CredentialStatus.Unknown, bench.StatusOf(first));
    }

    [Fact]
    public void One_task_cannot_fill_the_ledger()
    {
        LedgerBench bench = new(new RevocationOptions { MaxCredentialsPerTask = 2 });
        Assert.True(bench.Ledger.Open(LedgerBench.Child));
        bench.Enter();
        bench.Enter(life: TimeSpan.FromHours(1));

        Assert.Equal(LedgerRefusal.TaskFull, bench.Ledger.Issued(bench.New()));
        Assert.Equal(LedgerRefusal.None, bench.Ledger.Issued(bench.New(task: LedgerBench.Child)));
        bench.Time.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal(LedgerRefusal.None, bench.Ledger.Issued(bench.New()));
    }

    [Fact]
    public void Revoked_credentials_count_until_they_are_forgotten()
    {
        // Else mint-and-revoke in a loop would grow the ledger without bound.
        LedgerBench bench = new(new RevocationOptions { MaxCredentialsPerTask = 2 });
        bench.Enter(generation: 0);
        bench.Enter(generation: 0);
        bench.Ledger.RevokeTask(LedgerBench.Task, 0, RevocationReason.Narrowed);

        Assert.Equal(LedgerRefusal.TaskFull, bench.Ledger.Issued(bench.New(generation: 1)));
    }

    [Fact]
    public void There_are_only_so_many_tasks()
    {
        LedgerBench bench = new(new RevocationOptions { MaxTasks = 2 });
        Assert.True(bench.Ledger.Open(LedgerBench.Child));
        Assert.False(bench.Ledger.Open("third"));

        bench.Ledger.EndTasks([LedgerBench.Child], RevocationReason.Completed);
        Assert.True(bench.Ledger.Open("third"));
    }

    [Fact]
    public void A_revoked_token_is_remembered_for_as_long_as_a_validator_with_leeway_would_take_it()
    {
        LedgerBench bench = new(new RevocationOptions { Margin = TimeSpan.Zero });
        CredentialRecord token = bench.Enter(life: Minute);
        bench.Ledger.RevokeTask(LedgerBench.Task, 0, RevocationReason.Withdrawn);

        bench.Time.Pass(Minute + LedgerBench.Leeway - TimeSpan.FromSeconds(1));
        bench.Ledger.Sweep();
        Assert.Equal(CredentialStatus.Revoked, bench.StatusOf(token));

        bench.Time.Pass(TimeSpan.FromSeconds(1));
        bench.Ledger.Sweep();
        Assert.Equal(CredentialStatus.Unknown, bench.StatusOf(token));
        Assert.Equal(0, bench.Ledger.Count);
    }

    [Fact]
    public void A_clock_that_jumps_ahead_and_back_revives_nothing()
    {
        LedgerBench bench = new();
        CredentialRecord token = bench.Enter(life: TimeSpan.FromMinutes(5));
        bench.Ledger.RevokeTask(LedgerBench.Task, 0, RevocationReason.Withdrawn);

        bench.Time.SetClock(TimeSpan.FromDays(1));
        bench.Time.Pass(TimeSpan.FromSeconds(2));
        bench.Ledger.Sweep();
        // By the wall clock alone it would be forgotten here, and its task with it.
        Assert.True(bench.Time.GetUtcNow() > token.ExpiresAt);
        bench.Time.SetClock(-TimeSpan.FromDays(1));

        Assert.Equal(CredentialStatus.Revoked, bench.StatusOf(token));
    }

    [Fact]
    public void A_clock_that_is_set_back_keeps_what_lives_longer_by_it()
    {
        LedgerBench bench = new();
        CredentialRecord token = bench.Enter(life: Minute);
        bench.Ledger.RevokeTask(LedgerBench.Task, 0, RevocationReason.Withdrawn);

        bench.Time.SetClock(-TimeSpan.FromHours(1));
        bench.Time.Pass(TimeSpan.FromMinutes(10));
        bench.Ledger.Sweep();
        Assert.Equal(CredentialStatus.Revoked, bench.StatusOf(token));

        bench.Time.Pass(TimeSpan.FromHours(1));
        bench.Ledger.Sweep();
        Assert.Equal(CredentialStatus.Unknown, bench.StatusOf(token));
    }

    [Fact]
    public void Ten_thousand_tasks_with_four_credentials_fit_and_all_are_forgotten()
    {
        LedgerBench bench = new();
        string[] tasks = [.. Enumerable.Range(0, 10_000).Select(i => $"task-{i}")];
        foreach (string task in tasks)
        {
            Assert.True(bench.Ledger.Open(task));
            foreach (CredentialKind kind in Enum.GetValues<CredentialKind>()) bench.Enter(kind, task);
        }

        Assert.Equal(40_000, bench.Ledger.Count);
        Assert.Equal(40_000, bench.Ledger.EndTasks(tasks, RevocationReason.Withdrawn).Credentials.Length);
        bench.Time.Pass(TimeSpan.FromMinutes(5));
        bench.Ledger.Sweep();
        Assert.Equal(0, bench.Ledger.Count);
    }

    [Fact]
    public async Task Minting_and_revoking_at_once_leaves_nothing_alive_that_left()
    {
        LedgerBench bench = new();
        for (int round = 0; round < 200; round++)
        {
            string task = $"race-{round}";
            Assert.True(bench.Ledger.Open(task));
            using Barrier start = new(3);
            Task<List<CredentialRecord>>[] minting =
            [
                .. Enumerable.Range(0, 2).Select(worker => Task.Run(() =>
                {
                    List<CredentialRecord> left = [];
                    start.SignalAndWait();
                    for (int i = 0; i < 20; i++)
                    {
                        CredentialRecord minted = bench.New(task: task) with { Id = $"{task}-{worker}-{i}" };
                        if (bench.Ledger.Issued(minted) == LedgerRefusal.None) left.Add(minted);
                    }

                    return left;
                })),
            ];
            start.SignalAndWait();
            bench.Ledger.EndTasks([task], RevocationReason.Withdrawn);
            foreach (CredentialRecord left in (await Task.WhenAll(minting)).SelectMany(l => l)) Assert.Equal(CredentialStatus.Revoked, bench.StatusOf(left));
        }
    }
}
