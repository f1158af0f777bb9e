using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Issuance;
using Spiffe.Agent.Issuance.Admission;
using Spiffe.Agent.Issuance.Svids;
using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Issuance.Tasks.Requests;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Tasks.Lifecycle;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Tests.Unit.Issuance.Tasks;

/// <summary>A task from its start to its end, with everything that it holds.</summary>
public sealed class TaskLifeTests
{
    [Fact]
    public async Task Task_has_an_identity_of_its_own_until_it_is_complete()
    {
        using TaskBench bench = new();
        TaskView task = await bench.StartAsync();
        Assert.Equal(TaskState.Active, task.State);
        Assert.Equal($"spiffe://example.org/agent/work/task/{task.Id}", task.SpiffeId.ToString());

        JwtSvid token = await JwtAsync(bench);
        Assert.Equal(task.SpiffeId, token.Id);
        Assert.True(bench.Issuance.Service.ValidateJwt(token.Token, "repo-api").IsValid);

        TaskAnswer done = await bench.Tasks.CompleteAsync(bench.Self, "", "", CancellationToken.None);
        Assert.Equal(TaskState.Completed, done.Task!.State);
        Assert.Contains(token.TokenId!, done.Task.Receipt!.Revoked);
        Assert.Equal("revoked", bench.Issuance.Service.ValidateJwt(token.Token, "repo-api").Broken);
        Assert.Equal(TaskRefusal.NotYours, (await bench.Tasks.RenewAsync(bench.Self, "", null, CancellationToken.None)).Refusal);
    }

    [Fact]
    public async Task Svids_of_a_task_appear_in_the_workload_api_and_are_withdrawn_with_it()
    {
        using TaskBench bench = new();
        using WorkloadLease lease = (await bench.Issuance.Service.AdmitAsync(bench.Self, CancellationToken.None)).Lease!;
        Task changed = lease.Changed;
        Assert.False(lease.IsEntitled);

        TaskView task = await bench.StartAsync();
        await changed.WaitAsync(TimeSpan.FromSeconds(30));
        changed = lease.Changed;
        Assert.True(lease.IsEntitled);
        Shared<Answer>? answer = lease.HoldX509();
        Assert.NotNull(answer);
        answer.Release();

        Assert.True(bench.Tasks.Revoke(new Operator(4242, 1), new TaskSelection { TaskId = task.Id.ToString() })[0].Changed);
        await changed.WaitAsync(TimeSpan.FromSeconds(30));
        _ = lease.Changed;
        Assert.Null(lease.HoldX509());
        Assert.False(lease.IsEntitled);
    }

    [Fact]
    public async Task Svid_never_lives_longer_than_the_lease()
    {
        using TaskBench bench = new(template => template with { Lifetimes = template.Lifetimes with { Lease = TimeSpan.FromSeconds(30), Renewal = Renewal.Explicit } });
        await bench.StartAsync();
        JwtSvid token = await JwtAsync(bench);
        Assert.True(token.ExpiresAt <= bench.Issuance.Time.GetUtcNow() + TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Lease_that_nobody_renews_ends_the_task()
    {
        using TaskBench bench = new(template => template with { Lifetimes = template.Lifetimes with { Lease = TimeSpan.FromMinutes(1), Renewal = Renewal.Explicit } });
        TaskView task = await bench.StartAsync();
        bench.Issuance.Time.Pass(TimeSpan.FromSeconds(59));
        bench.Tasks.OnBeat();
        Assert.Equal(TaskState.Active, bench.Now(task).State);
        bench.Issuance.Time.Pass(TimeSpan.FromSeconds(2));
        bench.Tasks.OnBeat();
        Assert.Equal(TaskState.Expired, bench.Now(task).State);
    }

    [Fact]
    public async Task Daemon_renews_for_work_that_cannot_and_never_past_the_deadline()
    {
        using TaskBench bench = new(template => template with { Lifetimes = template.Lifetimes with { Lease = TimeSpan.FromMinutes(1), Deadline = TimeSpan.FromMinutes(5) } });
        TaskView task = await bench.StartAsync();
        for (int i = 0; i < 16; i++)
        {
            // The attestor's own deadline is of the same clock: it is moved when nobody is being attested.
            bench.Issuance.Time.Pass(TimeSpan.FromSeconds(15));
            bench.Tasks.OnBeat();
            await TaskBench.UntilAsync(() => bench.Now(task).LeaseUntil > bench.Issuance.Time.GetUtcNow() + TimeSpan.FromSeconds(30));
        }

        bench.Issuance.Time.Pass(TimeSpan.FromSeconds(61));
        bench.Tasks.OnBeat();
        Assert.Equal(TaskState.Expired, bench.Now(task).State);
    }

    [Fact]
    public async Task Suspended_task_holds_nothing_and_resumes_with_other_keys()
    {
        using TaskBench bench = new();
        TaskView task = await bench.StartAsync();
        JwtSvid before = await JwtAsync(bench);
        Assert.Equal(TaskState.Suspended, (await bench.Tasks.SuspendAsync(bench.Self, "", "", CancellationToken.None)).Task!.State);
        Assert.Equal("suspended", bench.Issuance.Service.ValidateJwt(before.Token, "repo-api").Broken);
        Assert.Equal(ActionReason.Suspended, (await bench.AskAsync(TaskBench.Read())).Reason);

        TaskAnswer resumed = await bench.Tasks.ResumeAsync(bench.Self, "", CancellationToken.None);
        Assert.Equal(TaskState.Active, resumed.Task!.State);
        Assert.Equal(task.Generation + 1, resumed.Task.Generation);
        Assert.False(bench.Issuance.Service.ValidateJwt(before.Token, "repo-api").IsValid);
        Assert.True(bench.Issuance.Service.ValidateJwt((await JwtAsync(bench)).Token, "repo-api").IsValid);
    }

    [Fact]
    public async Task What_an_operator_suspended_the_work_cannot_resume()
    {
        using TaskBench bench = new();
        TaskView task = await bench.StartAsync();
        bench.Tasks.Suspend(new Operator(4242, 1), new TaskSelection { TaskId = task.Id.ToString() });
        Assert.Equal(TaskRefusal.Suspended, (await bench.Tasks.ResumeAsync(bench.Self, "", CancellationToken.None)).Refusal);
        Assert.True((await bench.Tasks.ResumeAsync(new Operator(4242, 1), new TaskSelection { TaskId = task.Id.ToString() }, CancellationToken.None))[0].Changed);
        Assert.Equal(TaskState.Active, bench.Now(task).State);
    }

    [Fact]
    public async Task Nothing_is_issued_when_it_cannot_be_written_down()
    {
        using TaskBench bench = new();
        await bench.StartAsync();
        bench.Issuance.Journal.IsWritable = false;
        using WorkloadLease lease = (await bench.Issuance.Service.AdmitAsync(bench.Self, CancellationToken.None)).Lease!;
        Assert.Empty(lease.Jwt(AudienceSet.TryCreate(["repo-api"], out _)!, null));
        Assert.Null(lease.HoldX509());
        Assert.Equal(ActionReason.Unavailable, (await bench.AskAsync(TaskBench.Read())).Reason);
        Assert.Equal(TaskRefusal.NotRecorded, (await bench.TryStartAsync(new StartTask { Template = "work" })).Refusal);
    }

    [Fact]
    public async Task Same_key_from_the_same_process_is_the_same_task()
    {
        using TaskBench bench = new();
        TaskView first = await bench.StartAsync(new StartTask { Template = "work", IdempotencyKey = "a" });
        TaskView again = await bench.StartAsync(new StartTask { Template = "work", IdempotencyKey = "a" });
        Assert.Equal(first.Id, again.Id);
        Assert.Equal(1, bench.Tasks.Live);
    }

    [Fact]
    public async Task Template_that_is_not_for_the_caller_looks_like_one_that_does_not_exist()
    {
        using TaskBench bench = new(template => template with { Starters = new([new Spiffe.Agent.Identity.Selector("unix", "uid:4000000")]) });
        TaskAnswer other = await bench.TryStartAsync(new StartTask { Template = "work" });
        TaskAnswer none = await bench.TryStartAsync(new StartTask { Template = "none" });
        Assert.Equal(TaskRefusal.TemplateNotForCaller, other.Refusal);
        Assert.Equal(other, none);
    }

    private static async Task<JwtSvid> JwtAsync(TaskBench bench)
    {
        using WorkloadLease lease = (await bench.Issuance.Service.AdmitAsync(bench.Self, CancellationToken.None)).Lease!;
        return Assert.Single(lease.Jwt(AudienceSet.TryCreate(["repo-api"], out _)!, null)).Svid;
    }
}
