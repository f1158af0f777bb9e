using Spiffe.Agent.Issuance.Admission;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Svids;
using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Issuance.Tasks.Requests;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Tasks.Intents;
using Spiffe.Agent.Tasks.Lifecycle;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Tests.Unit.Issuance.Tasks;

/// <summary>What cannot be written down, or not be revoked later, is not issued. What takes rights away works all the same.</summary>
public sealed class NothingIssuedTests
{
    [Fact]
    public async Task Nothing_is_given_on_any_path_while_the_journal_fails_and_revocation_works()
    {
        using TaskBench bench = new();
        using TaskChild child = TaskChild.Sleep();
        TaskView task = await bench.StartAsync();
        string token = (await bench.JwtAsync())!.Token, action = (await bench.AskAsync(TaskBench.Read())).Token;
        (TaskCredentialFeed? feed, _) = await bench.Tasks.FetchAsync(bench.Self, "", new TaskCredentialWish(true, true, AudienceSet.TryCreate(["other-api"], out _)), CancellationToken.None);
        bench.Issuance.Journal.IsWritable = false;

        using (TaskCredentialSet? set = feed!.Hold()) Assert.True(set is null or { X509: null, Wit: null, Jwt: null, Certificate: null });
        Assert.Null(await bench.JwtAsync(audience: "other-api"));
        using (WorkloadLease lease = await bench.Issuance.AdmitAsync()) Assert.Null(lease.HoldX509());
        ActionDecision decision = await bench.AskAsync(TaskBench.Read());
        Assert.Equal((ActionReason.Unavailable, ""), (decision.Reason, decision.Token));
        Assert.Equal(1, bench.Now(task).Rights.Single().Used);
        Assert.Equal(TaskRefusal.NotRecorded, (await bench.TryStartAsync(new StartTask { Template = "work" })).Refusal);
        Assert.Equal(TaskRefusal.NotRecorded, (await bench.Tasks.SpawnAsync(bench.Self, "", new StartTask { Template = "work", ChildProcessId = child.Id }, CancellationToken.None)).Refusal);
        Assert.Equal(2, bench.Now(task).Rights.Single().Remaining); // What the child would have held is back.
        Assert.Equal(TaskRefusal.NotRecorded, (await bench.Tasks.RenewAsync(bench.Self, "", null, CancellationToken.None)).Refusal);
        Assert.Equal(TaskRefusal.NotRecorded, (await bench.Tasks.UpdateIntentAsync(bench.Self, "", TaskBench.Intent(new IntentDraft { Goal = "another" }), default, CancellationToken.None)).Refusal);
        Assert.False(bench.Tasks.VerifyToken(action, "repo-api", consume: true).IsValid);
        Assert.Equal(1, bench.Tasks.Live);

        Assert.Equal(TaskState.Suspended, (await bench.Tasks.SuspendAsync(bench.Self, "", "", CancellationToken.None)).Task!.State);
        Assert.Equal("suspended", bench.Issuance.Service.ValidateJwt(token, "repo-api").Broken);
        Assert.Equal(TaskRefusal.NotRecorded, (await bench.Tasks.ResumeAsync(bench.Self, "", CancellationToken.None)).Refusal);
        Assert.True(bench.Tasks.Revoke(TaskBench.Somebody, new TaskSelection { All = true })[0].Changed);
        Assert.Equal("revoked", bench.Issuance.Service.ValidateJwt(token, "repo-api").Broken);
    }

    [Fact]
    public async Task Approval_that_cannot_be_written_down_begins_nothing()
    {
        using TaskBench bench = new(static template => template with { Approval = template.Approval with { ToStart = true } });
        TaskView task = await bench.StartAsync();
        bench.Issuance.Journal.IsWritable = false;
        Assert.Equal(TaskRefusal.NotRecorded, bench.Tasks.Approve(TaskBench.Somebody, task.Approval!.Id).Refusal);
        Assert.Equal(TaskState.PendingApproval, bench.Now(task).State);
        bench.Issuance.Journal.IsWritable = true;
        Assert.Equal(TaskRefusal.None, bench.Tasks.Approve(TaskBench.Somebody, task.Approval.Id).Refusal);
    }

    [Fact]
    public async Task Agreement_to_an_action_that_cannot_be_written_down_is_none()
    {
        using TaskBench bench = new(static template => template with { Approval = template.Approval with { Actions = ["read"] } });
        await bench.StartAsync();
        string id = (await bench.AskAsync(TaskBench.Read())).Approval!.Id;
        bench.Issuance.Journal.IsWritable = false;
        Assert.Equal(TaskRefusal.NotRecorded, bench.Tasks.Approve(TaskBench.Somebody, id).Refusal);
        bench.Issuance.Journal.IsWritable = true;
        Assert.Equal(ActionOutcome.NeedsApproval, (await bench.AskAsync(TaskBench.Read() with { ApprovalId = id })).Outcome);
    }

    [Fact]
    public async Task Full_ledger_of_credentials_gives_nothing_and_counts_nothing()
    {
        using TaskBench bench = Bench(new RevocationOptions { MaxCredentials = 1 });
        TaskView task = await bench.StartAsync();
        Assert.Equal(ActionOutcome.Permit, (await bench.AskAsync(TaskBench.Read())).Outcome);
        Assert.Equal(ActionReason.Unavailable, (await bench.AskAsync(TaskBench.Read())).Reason);
        Assert.Equal(1, bench.Now(task).Rights.Single().Used);
        Assert.Null(await bench.JwtAsync());
        using (WorkloadLease lease = await bench.Issuance.AdmitAsync()) Assert.Null(lease.HoldX509());
        (TaskCredentialFeed? feed, _) = await bench.Tasks.FetchAsync(bench.Self, "", new TaskCredentialWish(true, true, AudienceSet.TryCreate(["repo-api"], out _)), CancellationToken.None);
        using (TaskCredentialSet? set = feed!.Hold()) Assert.True(set is null or { X509: null, Wit: null, Jwt: null });
        Assert.Equal(TaskState.Completed, (await bench.Tasks.CompleteAsync(bench.Self, "", "", CancellationToken.None)).Task!.State);
    }

    [Fact]
    public async Task Full_ledger_of_tasks_begins_none()
    {
        using TaskBench bench = Bench(new RevocationOptions { MaxTasks = 1 });
        TaskView task = await bench.StartAsync();
        Assert.Equal(TaskRefusal.TooMany, (await bench.TryStartAsync(new StartTask { Template = "work" })).Refusal);
        bench.Tasks.Revoke(TaskBench.Somebody, new TaskSelection { TaskId = task.Id.ToString() });
        await bench.StartAsync();
    }

    private static TaskBench Bench(RevocationOptions revocation) =>
        new(new TaskRules(new TemplateSnapshot([TaskBench.Template("work")], null), TaskBench.Compile()), new IssuanceParts { Revocation = revocation });
}
