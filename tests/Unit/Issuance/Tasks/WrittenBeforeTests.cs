using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Svids;
using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Issuance.Tasks.Requests;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Tasks.Intents;
using Spiffe.Agent.Tasks.Lifecycle;

namespace Spiffe.Agent.Tests.Unit.Issuance.Tasks;

/// <summary>What gives rights waits for the disk, and does not leave when the disk says no. The journal here takes every entry and is slow to make it safe.</summary>
public sealed class WrittenBeforeTests
{
    [Theory]
    [InlineData("start")]
    [InlineData("permit")]
    [InlineData("fetch")]
    [InlineData("renew")]
    [InlineData("resume")]
    [InlineData("intent")]
    [InlineData("approve")]
    [InlineData("verify")]
    public async Task Nothing_leaves_before_it_is_safe(string path)
    {
        using TaskBench bench = await BenchFor(path);
        Func<Task<bool>> act = Prepare(bench, path);
        bench.Issuance.Journal.HoldBack();

        Task<bool> asked = act();
        await TaskBench.UntilAsync(() => bench.Issuance.Journal.IsAwaited);
        Assert.False(asked.IsCompleted);
        bench.Issuance.Journal.LetGo(isSafe: true);

        Assert.True(await asked);
    }

    [Theory]
    [InlineData("start")]
    [InlineData("permit")]
    [InlineData("fetch")]
    [InlineData("renew")]
    [InlineData("resume")]
    [InlineData("intent")]
    [InlineData("approve")]
    [InlineData("verify")]
    public async Task Nothing_leaves_that_is_not_safe(string path)
    {
        using TaskBench bench = await BenchFor(path);
        Func<Task<bool>> act = Prepare(bench, path);
        bench.Issuance.Journal.HoldBack();

        Task<bool> asked = act();
        await TaskBench.UntilAsync(() => bench.Issuance.Journal.IsAwaited);
        bench.Issuance.Journal.LetGo(isSafe: false);

        Assert.False(await asked);
    }

    [Fact]
    public async Task Task_whose_beginning_is_not_safe_is_over()
    {
        using TaskBench bench = new();
        bench.Issuance.Journal.HoldBack();
        Task<TaskAnswer> asked = bench.TryStartAsync(new StartTask { Template = "work" });
        bench.Issuance.Journal.LetGo(isSafe: false);

        Assert.Equal(TaskRefusal.NotRecorded, (await asked).Refusal);
        Assert.Equal(0, bench.Tasks.Live);
        Assert.Equal("Revoke", Assert.Single(bench.Written(TaskEntryKind.Ended)).Trigger);
    }

    [Fact]
    public async Task Token_whose_permission_is_not_safe_is_dead()
    {
        using TaskBench bench = new();
        await bench.StartAsync();
        bench.Issuance.Journal.HoldBack();
        Task<ActionDecision> asked = bench.AskAsync(TaskBench.Read());
        bench.Issuance.Journal.LetGo(isSafe: false);

        Assert.Equal((ActionReason.Unavailable, ""), ((await asked).Reason, (await asked).Token));
        string id = bench.Written(TaskEntryKind.Permitted).Single().CredentialId;
        Assert.Equal(CredentialStatus.Revoked, bench.Issuance.Service.Revocations.StatusOf(CredentialKind.ActionToken, id));
        Assert.Contains((CredentialKind.ActionToken, id), bench.Written(TaskEntryKind.Revoked).Single().Dead);
    }

    [Fact]
    public async Task What_takes_rights_away_waits_for_nothing()
    {
        using TaskBench bench = new();
        await bench.StartAsync();
        string token = (await bench.JwtAsync())!.Token;
        bench.Issuance.Journal.HoldBack();

        Assert.Equal(TaskState.Completed, (await bench.Tasks.CompleteAsync(bench.Self, "", "", CancellationToken.None)).Task!.State);
        Assert.Equal("revoked", bench.Issuance.Service.ValidateJwt(token, "repo-api").Broken);
        bench.Issuance.Journal.LetGo(isSafe: true);
    }

    [Fact]
    public async Task Every_credential_of_an_ended_task_is_named_before_its_end()
    {
        using TaskBench bench = new();
        await bench.StartAsync();
        string[] issued = [(await bench.JwtAsync())!.TokenId!, bench.Issuance.Service.ValidateJwt((await bench.AskAsync(TaskBench.Read())).Token, "repo-api").Credential!.Id];

        await bench.Tasks.CompleteAsync(bench.Self, "", "", CancellationToken.None);

        Assert.Equal(issued.Order(), bench.Written(TaskEntryKind.Revoked).Single().Dead.Select(dead => dead.Id).Order());
        TaskEntryKind[] last = [.. bench.Issuance.Journal.Entries.Select(entry => entry.Kind).Where(kind => kind != TaskEntryKind.Offboarded).TakeLast(2)];
        Assert.Equal([TaskEntryKind.Revoked, TaskEntryKind.Ended], last);
    }

    [Fact]
    public async Task Words_of_people_and_programs_are_apart_from_the_rest()
    {
        using TaskBench bench = new();
        await bench.StartAsync(new StartTask { Template = "work", Intent = TaskBench.Intent(new IntentDraft { Goal = "read the secret diary" }) });
        bench.Tasks.Revoke(TaskBench.Somebody, new TaskSelection { All = true, Reason = "it read the secret diary" });

        Assert.Contains("secret diary", Assert.Single(bench.Written(TaskEntryKind.Declared)).Words, StringComparison.Ordinal);
        Assert.Contains("secret diary", Assert.Single(bench.Written(TaskEntryKind.Ended)).Words, StringComparison.Ordinal);
        Assert.DoesNotContain(bench.Issuance.Journal.Entries, entry => (entry with { Words = "", Decided = null }).ToString().Contains("secret diary", StringComparison.Ordinal));
    }

    private static async Task<TaskBench> BenchFor(string path)
    {
        TaskBench bench = path == "approve" ? new TaskBench(static template => template with { Approval = template.Approval with { ToStart = true } }) : new TaskBench();
        if (path != "start") await bench.StartAsync();
        if (path == "resume") await bench.Tasks.SuspendAsync(bench.Self, "", "", CancellationToken.None);
        return bench;
    }

    private static Func<Task<bool>> Prepare(TaskBench bench, string path)
    {
        TaskView? task = bench.Tasks.List(new TaskSelection(), withEnded: false).FirstOrDefault();
        JwtSvid? token = path == "verify" ? bench.JwtAsync().GetAwaiter().GetResult() : null;
        return path switch
        {
            "start" => async () => (await bench.TryStartAsync(new StartTask { Template = "work" })).Refusal == TaskRefusal.None,
            "permit" => async () => (await bench.AskAsync(TaskBench.Read())).Token.Length > 0,
            "fetch" => () => FetchesAsync(bench),
            "renew" => async () => (await bench.Tasks.RenewAsync(bench.Self, "", null, CancellationToken.None)).Refusal == TaskRefusal.None,
            "resume" => async () => (await bench.Tasks.ResumeAsync(bench.Self, "", CancellationToken.None)).Refusal == TaskRefusal.None,
            "intent" => async () => (await bench.Tasks.UpdateIntentAsync(bench.Self, "", TaskBench.Intent(new IntentDraft { Goal = "another" }), default, CancellationToken.None)).Refusal == TaskRefusal.None,
            "approve" => async () => (await bench.Tasks.ApproveAsync(TaskBench.Somebody, task!.Approval!.Id, CancellationToken.None)).Refusal == TaskRefusal.None,
            _ => async () => (await bench.Tasks.VerifyTokenAsync(token!.Token, "repo-api", consume: false, "", CancellationToken.None)).IsValid,
        };
    }

    private static async Task<bool> FetchesAsync(TaskBench bench)
    {
        (TaskCredentialFeed? feed, _) = await bench.Tasks.FetchAsync(bench.Self, "", new TaskCredentialWish(true, true, AudienceSet.TryCreate(["repo-api"], out _)), CancellationToken.None);
        using TaskCredentialSet? set = await feed!.HoldAsync(CancellationToken.None);
        return set is { X509: not null };
    }
}
