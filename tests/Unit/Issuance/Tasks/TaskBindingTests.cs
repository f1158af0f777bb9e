using Spiffe.Agent.Issuance.Admission;
using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Issuance.Tasks.Requests;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Tasks.Intents;
using Spiffe.Agent.Tasks.Lifecycle;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Tests.Unit.Issuance.Tasks;

/// <summary>A task hangs on a process: it ends with it, and nobody else can use, end or even find it.</summary>
public sealed class TaskBindingTests
{
    [Theory]
    [InlineData(ExitMeaning.Failed, 0, TaskState.Failed)]
    [InlineData(ExitMeaning.ByStatus, 0, TaskState.Completed)]
    [InlineData(ExitMeaning.ByStatus, 3, TaskState.Failed)]
    [InlineData(ExitMeaning.Completed, 3, TaskState.Completed)]
    public async Task Exit_without_a_word_is_what_the_template_says(ExitMeaning meaning, int status, TaskState state)
    {
        using TaskBench bench = new(template => template with { OnExit = meaning });
        using TaskChild shell = TaskChild.Shell();
        Caller worker = shell.Fork($"sh -c 'kill -STOP $$; exit {status}'"); // Its parent does not wait for it: how it ended can be asked.
        TaskView task = await bench.StartAsync(caller: worker);
        string token = (await bench.JwtAsync(worker))!.Token;
        await TaskBench.UntilAsync(() =>
        {
            shell.Do($"kill -CONT {worker.Peer!.ProcessId}"); // It may not have stopped yet.
            return bench.Now(task).State != TaskState.Active;
        });
        Assert.Equal(state, bench.Now(task).State);
        Assert.Equal("revoked", bench.Issuance.Service.ValidateJwt(token, "repo-api").Broken);
    }

    [Fact]
    public async Task Killed_process_fails_its_task_and_every_credential_is_refused()
    {
        using TaskBench bench = new();
        using TaskChild child = TaskChild.Sleep();
        TaskView task = await bench.StartAsync(caller: child.Caller);
        string token = (await bench.JwtAsync(child.Caller))!.Token, action = (await bench.AskAsync(TaskBench.Read(), child.Caller)).Token;
        child.Kill();
        await TaskBench.UntilAsync(() => bench.Now(task).State == TaskState.Failed);
        Assert.Equal("revoked", bench.Issuance.Service.ValidateJwt(token, "repo-api").Broken);
        Assert.False(bench.Tasks.VerifyToken(action, "repo-api", consume: true).IsValid);
        Assert.Contains(bench.Now(task).Receipt!.Revoked, id => id == TaskBench.ClaimsOf(token).GetProperty("jti").GetString());
        Assert.Empty(bench.Now(task).Credentials);
        Assert.Equal(0, bench.Tasks.Live);
        Assert.NotNull(bench.Tasks.Get(task.Id.ToString())); // Shown, and over for good.
        Assert.False((await bench.Tasks.ResumeAsync(TaskBench.Somebody, new TaskSelection { TaskId = task.Id.ToString() }, CancellationToken.None)).Any(outcome => outcome.Changed));
    }

    [Fact]
    public async Task Process_that_dies_while_paused_has_failed()
    {
        using TaskBench bench = new();
        using TaskChild child = TaskChild.Sleep();
        TaskView task = await bench.StartAsync(caller: child.Caller);
        await bench.Tasks.SuspendAsync(child.Caller, "", "", CancellationToken.None);
        child.Kill();
        await TaskBench.UntilAsync(() => bench.Now(task).State == TaskState.Failed);
    }

    [Fact]
    public async Task Nothing_counts_while_the_parent_has_the_word_on_how_its_child_ended()
    {
        using TaskBench bench = new();
        using TaskChild child = TaskChild.Sleep();
        TaskView task = await bench.StartAsync(new StartTask { Template = "work", ChildProcessId = child.Id });
        string token = (await bench.JwtAsync(child.Caller))!.Token;
        child.Kill();
        await TaskBench.UntilAsync(() => bench.Now(task).State != TaskState.Active);
        Assert.False(bench.Issuance.Service.ValidateJwt(token, "repo-api").IsValid);
        Assert.Equal(TaskState.Completed, (await bench.Tasks.CompleteAsync(bench.Self, task.Id.ToString(), "", CancellationToken.None)).Task!.State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Containment_revokes_then_stops_or_kills_and_is_recorded(bool kill)
    {
        using TaskBench bench = new();
        using TaskChild child = TaskChild.Sleep();
        TaskView task = await bench.StartAsync(caller: child.Caller);
        string token = (await bench.JwtAsync(child.Caller))!.Token;
        TaskOutcome outcome = Assert.Single(bench.Tasks.Contain(TaskBench.Somebody, new TaskSelection { TaskId = task.Id.ToString(), Reason = "incident 7" }, kill));
        Assert.True(outcome.Changed);
        Assert.Equal(TaskState.Revoked, outcome.Task.State);
        Assert.Contains("incident 7", outcome.Task.Cause, StringComparison.Ordinal);
        Assert.Equal("revoked", bench.Issuance.Service.ValidateJwt(token, "repo-api").Broken);
        Assert.Single(bench.Written(TaskEntryKind.Contained));
        await TaskBench.UntilAsync(() => kill ? child.Caller.Peer!.IsAlive is false : child.IsStopped);
    }

    [Fact]
    public async Task Wrapper_may_watch_pause_and_end_its_childs_task_and_nothing_else()
    {
        using TaskBench bench = new();
        using TaskChild child = TaskChild.Sleep();
        string id = (await bench.StartAsync(new StartTask { Template = "work", ChildProcessId = child.Id })).Id.ToString();
        Assert.Null(await bench.JwtAsync());
        Assert.Equal(TaskRefusal.NotYours, (await bench.Tasks.AuthorizeAsync(bench.Self, id, TaskBench.Read(), CancellationToken.None)).Refused.Refusal);
        Assert.Equal(TaskRefusal.NotYours, (await bench.Tasks.FetchAsync(bench.Self, id, new TaskCredentialWish(true, true, null), CancellationToken.None)).Refused.Refusal);
        Assert.Equal(TaskRefusal.NotYours, (await bench.Tasks.RenewAsync(bench.Self, id, null, CancellationToken.None)).Refusal);
        Assert.Equal(TaskRefusal.NotYours, (await bench.Tasks.UpdateIntentAsync(bench.Self, id, TaskIntent.None, default, CancellationToken.None)).Refusal);
        Assert.Equal(TaskRefusal.NotYours, (await bench.Tasks.SpawnAsync(bench.Self, id, new StartTask { Template = "work", ChildProcessId = child.Id }, CancellationToken.None)).Refusal);
        Assert.NotNull((await bench.Tasks.WatchAsync(bench.Self, id, CancellationToken.None)).Watch);
        Assert.Equal(TaskState.Suspended, (await bench.Tasks.SuspendAsync(bench.Self, id, "", CancellationToken.None)).Task!.State);
        Assert.Equal(TaskRefusal.NotYours, (await bench.Tasks.ResumeAsync(bench.Self, id, CancellationToken.None)).Refusal);
        Assert.Equal(TaskState.Failed, (await bench.Tasks.FailAsync(bench.Self, id, "", CancellationToken.None)).Task!.State);
    }

    [Fact]
    public async Task Knowing_the_id_of_somebody_elses_task_is_worth_nothing()
    {
        using TaskBench bench = new();
        using TaskChild stranger = TaskChild.Sleep();
        TaskView task = await bench.StartAsync();
        string id = task.Id.ToString();
        Caller other = stranger.Caller;
        TaskRefusal[] refusals =
        [
            (await bench.Tasks.AuthorizeAsync(other, id, TaskBench.Read(), CancellationToken.None)).Refused.Refusal,
            (await bench.Tasks.FetchAsync(other, id, new TaskCredentialWish(true, true, null), CancellationToken.None)).Refused.Refusal,
            (await bench.Tasks.WatchAsync(other, id, CancellationToken.None)).Refused.Refusal,
            (await bench.Tasks.RenewAsync(other, id, null, CancellationToken.None)).Refusal,
            (await bench.Tasks.SuspendAsync(other, id, "", CancellationToken.None)).Refusal,
            (await bench.Tasks.ResumeAsync(other, id, CancellationToken.None)).Refusal,
            (await bench.Tasks.CompleteAsync(other, id, "", CancellationToken.None)).Refusal,
            (await bench.Tasks.FailAsync(other, id, "", CancellationToken.None)).Refusal,
            (await bench.Tasks.UpdateIntentAsync(other, id, TaskIntent.None, default, CancellationToken.None)).Refusal,
            (await bench.Tasks.SpawnAsync(other, id, new StartTask { Template = "work", ChildProcessId = 1 }, CancellationToken.None)).Refusal,
            (await bench.Tasks.AuthorizeAsync(other, "no-such-task", TaskBench.Read(), CancellationToken.None)).Refused.Refusal,
        ];
        Assert.All(refusals, refusal => Assert.Equal(TaskRefusal.NotYours, refusal));
        Assert.Equal(TaskState.Active, bench.Now(task).State);
        Assert.Null(await bench.JwtAsync(other));
    }

    [Fact]
    public async Task Task_that_is_over_answers_that_it_is_over()
    {
        using TaskBench bench = new();
        using TaskChild child = TaskChild.Sleep();
        string own = (await bench.StartAsync()).Id.ToString(), childs = (await bench.StartAsync(new StartTask { Template = "work", ChildProcessId = child.Id })).Id.ToString();
        (TaskCredentialFeed? feed, _) = await bench.Tasks.FetchAsync(bench.Self, own, new TaskCredentialWish(true, true, null), CancellationToken.None);
        await bench.Tasks.CompleteAsync(bench.Self, own, "", CancellationToken.None);
        await bench.Tasks.CompleteAsync(bench.Self, childs, "", CancellationToken.None);
        await AssertIsOverAsync(bench, bench.Self, own);
        await AssertIsOverAsync(bench, child.Caller, childs);
        Assert.Null(feed!.Hold());
    }

    private static async Task AssertIsOverAsync(TaskBench bench, Caller caller, string id)
    {
        Assert.Equal(ActionReason.Revoked, (await bench.AskAsync(TaskBench.Read(), caller, id)).Reason);
        Assert.Equal(TaskRefusal.Ended, (await bench.Tasks.RenewAsync(caller, id, null, CancellationToken.None)).Refusal);
        Assert.Equal(TaskRefusal.Ended, (await bench.Tasks.ResumeAsync(caller, id, CancellationToken.None)).Refusal);
        Assert.Equal(TaskRefusal.Ended, (await bench.Tasks.SuspendAsync(caller, id, "", CancellationToken.None)).Refusal);
        Assert.Equal(TaskRefusal.Ended, (await bench.Tasks.CompleteAsync(caller, id, "", CancellationToken.None)).Refusal);
        Assert.Equal(TaskRefusal.Ended, (await bench.Tasks.UpdateIntentAsync(caller, id, TaskIntent.None, default, CancellationToken.None)).Refusal);
    }
}
