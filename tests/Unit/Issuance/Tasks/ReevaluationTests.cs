using Spiffe.Agent.Identity;
using Spiffe.Agent.Issuance.Admission;
using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Issuance.Tasks.Requests;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Tasks.Grants;
using Spiffe.Agent.Tasks.Intents;
using Spiffe.Agent.Tasks.Lifecycle;
using Spiffe.Agent.Tasks.Templates;
using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Unit.Issuance.Tasks;

/// <summary>What was decided is decided again when anything is another: the rules, the goal, the evidence. It goes on, narrower, or not at all.</summary>
public sealed class ReevaluationTests
{
    private const string Permit = "permit(principal, action, resource);";

    [Fact]
    public async Task Policies_read_anew_that_deny_revoke_what_lives()
    {
        using TaskBench bench = new();
        TaskView task = await bench.StartAsync();
        string token = (await bench.JwtAsync())!.Token;
        bench.Reload(template => template, Permit + "forbid(principal, action == Action::\"start\", resource);");
        Assert.Equal(TaskState.Revoked, bench.Now(task).State);
        Assert.Equal("revoked", bench.Issuance.Service.ValidateJwt(token, "repo-api").Broken);
        Assert.Equal(TaskRefusal.PolicyDenied, (await bench.TryStartAsync(new StartTask { Template = "work" })).Refusal);
    }

    [Fact]
    public async Task Narrower_template_narrows_what_lives_with_new_keys_and_dead_tokens()
    {
        using TaskBench bench = new();
        TaskView task = await bench.StartAsync();
        string token = (await bench.JwtAsync())!.Token, action = (await bench.AskAsync(TaskBench.Read())).Token;
        using WorkloadLease lease = await bench.Issuance.AdmitAsync();
        byte[] key = IssuanceBench.X509(lease).Response.Svids.Single().X509SvidKey.ToByteArray();
        bench.Reload(template => template with { Ceiling = AuthorizationDetails.Parse(TaskBench.RepoGrant.Replace(",\"comment\"", "", StringComparison.Ordinal)) });

        TaskView after = bench.Now(task);
        Assert.Equal((TaskState.Active, task.Generation + 1), (after.State, after.Generation));
        Assert.Equal(1, after.Rights.Single().Used); // What was used stays used.
        Assert.False(bench.Issuance.Service.ValidateJwt(token, "repo-api").IsValid);
        Assert.False(bench.Tasks.VerifyToken(action, "repo-api", consume: true).IsValid);
        _ = lease.Changed;
        Assert.NotEqual(key, IssuanceBench.X509(lease).Response.Svids.Single().X509SvidKey.ToByteArray());
        Assert.True(bench.Issuance.Service.ValidateJwt((await bench.JwtAsync())!.Token, "repo-api").IsValid);
        Assert.Equal(ActionReason.NotGranted, (await bench.AskAsync(TaskBench.Read() with { Action = "comment" })).Reason);

        bench.Reload(template => template with { Ceiling = AuthorizationDetails.Parse(TaskBench.RepoGrant) });
        Assert.Equal(after.Grants, bench.Now(task).Grants); // Never wider again.
    }

    [Fact]
    public async Task Audience_that_the_template_loses_hears_no_token_of_before()
    {
        using TaskBench bench = new();
        await bench.StartAsync();
        string token = (await bench.JwtAsync(audience: "other-api"))!.Token;
        bench.Reload(template => template with { Audiences = ["repo-api"] });
        Assert.False(bench.Issuance.Service.ValidateJwt(token, "other-api").IsValid);
        Assert.Null(await bench.JwtAsync(audience: "other-api"));
        Assert.NotNull(await bench.JwtAsync(audience: "repo-api"));
    }

    [Fact]
    public async Task Retired_template_ends_its_tasks()
    {
        using TaskBench bench = new();
        TaskView task = await bench.StartAsync();
        bench.Tasks.Reload(new TaskRules(TemplateSnapshot.Empty, TaskBench.Compile()));
        Assert.Equal(TaskState.Revoked, bench.Now(task).State);
        Assert.Equal(0, bench.Tasks.Live);
    }

    [Fact]
    public async Task Template_that_is_for_others_now_leaves_nobody_at_work()
    {
        using TaskBench bench = new();
        using TaskChild child = TaskChild.Sleep();
        TaskView task = await bench.StartAsync();
        TaskView childs = await bench.StartAsync(new StartTask { Template = "work", ChildProcessId = child.Id });
        bench.Reload(template => template with { Starters = new SelectorSet([new Selector("unix", "uid:4000000")]) });
        Assert.Equal(TaskState.Suspended, bench.Now(task).State);
        Assert.Equal(TaskState.Revoked, bench.Now(childs).State);
        Assert.Equal(TaskRefusal.ProcessChanged, (await bench.Tasks.ResumeAsync(bench.Self, task.Id.ToString(), CancellationToken.None)).Refusal);
    }

    [Fact]
    public async Task Policy_that_asks_for_people_now_pauses_what_nobody_agreed_to()
    {
        const string Ask = "@obligation(\"approval\") permit(principal, action, resource);";
        using TaskBench bench = new();
        TaskView task = await bench.StartAsync();
        bench.Reload(template => template, Ask);
        Assert.Equal(TaskState.Suspended, bench.Now(task).State);

        using TaskBench agreed = new(null, Ask);
        TaskView approved = await agreed.StartAsync();
        agreed.Tasks.Approve(TaskBench.Somebody, approved.Id.ToString());
        agreed.Reload(template => template, Ask + " ");
        Assert.Equal(TaskState.Active, agreed.Now(approved).State);
    }

    [Fact]
    public async Task Rules_that_are_read_while_a_task_begins_decide_about_it()
    {
        FakeService fake = new("fake") { Says = ["good"] };
        using TaskBench bench = WithService(fake);
        TaskCompletionSource ready = new();
        fake.Ready = ready.Task;
        Task<TaskAnswer> begins = Task.Run(() => bench.TryStartAsync(new StartTask { Template = "work" }));
        await TaskBench.UntilAsync(() => fake.Asked > 0);
        bench.Tasks.Reload(new TaskRules(TemplateSnapshot.Empty, TaskBench.Compile()));
        ready.SetResult();
        Assert.NotEqual(TaskRefusal.None, (await begins).Refusal);
        Assert.Equal(0, bench.Tasks.Live);
    }

    [Fact]
    public async Task Intent_may_become_narrower_and_never_gives_more()
    {
        using TaskBench bench = new();
        TaskView task = await bench.StartAsync();
        TaskAnswer wider = await bench.Tasks.UpdateIntentAsync(bench.Self, "", TaskBench.Intent(new IntentDraft { Goal = "all of it", ExpectedActions = ["delete"] }), TaskBench.Utf8("""[{"type":"repo","actions":["comment","delete","read"],"locations":["https://git.example/x"],"audiences":["repo-api"]}]"""), CancellationToken.None);
        Assert.True(AuthorizationDetails.Parse(wider.Task!.Grants).IsWithin(AuthorizationDetails.Parse(task.Grants)));
        Assert.Equal(ActionReason.NotGranted, (await bench.AskAsync(TaskBench.Read() with { Action = "delete" })).Reason);
        Assert.NotEqual(task.IntentDigest, wider.Task.IntentDigest);
    }

    [Fact]
    public async Task What_was_issued_for_another_intent_counts_no_more()
    {
        using TaskBench bench = new();
        await bench.StartAsync(new StartTask { Template = "work", Intent = TaskBench.Intent(new IntentDraft { Goal = "one" }) });
        string token = (await bench.JwtAsync())!.Token;
        Assert.Equal(TaskRefusal.None, (await bench.Tasks.UpdateIntentAsync(bench.Self, "", TaskBench.Intent(new IntentDraft { Goal = "another" }), default, CancellationToken.None)).Refusal);
        Assert.False(bench.Issuance.Service.ValidateJwt(token, "repo-api").IsValid);
        Assert.True(bench.Issuance.Service.ValidateJwt((await bench.JwtAsync())!.Token, "repo-api").IsValid);
    }

    [Fact]
    public async Task Goal_that_policy_does_not_permit_revokes_the_task()
    {
        using TaskBench bench = new(null, Permit + "forbid(principal, action == Action::\"update\", resource) when { context.ticket != \"T-1\" };");
        TaskView task = await bench.StartAsync(new StartTask { Template = "work", Intent = TaskBench.Intent(new IntentDraft { Ticket = "T-1" }) });
        Assert.Equal(TaskRefusal.None, (await bench.Tasks.UpdateIntentAsync(bench.Self, "", TaskBench.Intent(new IntentDraft { Ticket = "T-1", Goal = "more" }), default, CancellationToken.None)).Refusal);
        Assert.Equal(TaskRefusal.PolicyDenied, (await bench.Tasks.UpdateIntentAsync(bench.Self, "", TaskBench.Intent(new IntentDraft { Ticket = "T-2" }), default, CancellationToken.None)).Refusal);
        Assert.Equal(TaskState.Revoked, bench.Now(task).State);
    }

    [Fact]
    public async Task Renewal_that_policy_denies_suspends_and_the_work_cannot_resume()
    {
        using TaskBench bench = new(null, Permit + "forbid(principal, action == Action::\"renew\", resource);");
        TaskView task = await bench.StartAsync();
        Assert.Equal(TaskRefusal.PolicyDenied, (await bench.Tasks.RenewAsync(bench.Self, "", null, CancellationToken.None)).Refusal);
        Assert.Equal(TaskState.Suspended, bench.Now(task).State);
        Assert.Equal(TaskRefusal.Suspended, (await bench.Tasks.ResumeAsync(bench.Self, "", CancellationToken.None)).Refusal);
    }

    [Fact]
    public async Task Resume_is_attested_and_decided_anew()
    {
        FakeService fake = new("fake") { Says = ["good"] };
        using TaskBench bench = WithService(fake);
        TaskView task = await bench.StartAsync();
        await bench.Tasks.SuspendAsync(bench.Self, "", "", CancellationToken.None);
        fake.Says = ["bad"];
        bench.Time.Pass(TimeSpan.FromSeconds(11)); // What a service said before is forgotten by then.
        Assert.Equal(TaskRefusal.ProcessChanged, (await bench.Tasks.ResumeAsync(bench.Self, "", CancellationToken.None)).Refusal);
        Assert.Equal(TaskState.Suspended, bench.Now(task).State);
    }

    [Fact]
    public async Task Evidence_that_is_gone_at_the_interval_suspends()
    {
        FakeService fake = new("fake") { Says = ["good"] };
        using TaskBench bench = WithService(fake, template => template with { ReattestEvery = TimeSpan.FromSeconds(30) });
        TaskView task = await bench.StartAsync();
        fake.Says = [];
        bench.Time.Pass(TimeSpan.FromSeconds(31));
        await TaskBench.UntilAsync(() => bench.Now(task).State == TaskState.Suspended);
        Assert.Null(await bench.JwtAsync());
    }

    [Fact]
    public async Task Child_may_exec_until_its_first_call_and_not_behind_it()
    {
        using TaskBench bench = new();
        using TaskChild shell = TaskChild.Shell();
        TaskView task = await bench.StartAsync(new StartTask { Template = "work", ChildProcessId = shell.Id });
        shell.Do("exec sh -c 'while read -r line; do eval \"$line\"; done'");
        shell.Do("echo again");
        Assert.Equal("again", shell.Hear());
        Assert.Equal(ActionOutcome.Permit, (await bench.AskAsync(TaskBench.Read(), shell.Caller)).Outcome);

        string token = (await bench.JwtAsync(shell.Caller))!.Token;
        shell.Do("exec sleep 600");
        await TaskBench.UntilAsync(() => shell.Runs("sleep"));
        Assert.NotEqual(ActionOutcome.Permit, (await bench.AskAsync(TaskBench.Read(), shell.Caller)).Outcome);
        Assert.Equal(TaskState.Suspended, bench.Now(task).State);
        Assert.Equal("suspended", bench.Issuance.Service.ValidateJwt(token, "repo-api").Broken);
        Assert.NotEqual(TaskRefusal.None, (await bench.Tasks.ResumeAsync(shell.Caller, "", CancellationToken.None)).Refusal);
        Assert.Null(await bench.JwtAsync(shell.Caller));
    }

    [Theory]
    [InlineData(ChangeResponse.Suspend, true, TaskState.Suspended)]
    [InlineData(ChangeResponse.Revoke, true, TaskState.Revoked)]
    [InlineData(ChangeResponse.Reattest, true, TaskState.Active)]
    [InlineData(ChangeResponse.Reattest, false, TaskState.Suspended)]
    public async Task Another_program_is_seen_by_the_look_and_answered_as_the_template_says(ChangeResponse response, bool holdsStill, TaskState state)
    {
        FakeService fake = new("fake") { Says = ["good"] };
        using TaskBench bench = WithService(fake, template => template with { OnChange = response });
        using TaskChild shell = TaskChild.Shell();
        TaskView task = await bench.StartAsync(caller: shell.Caller);
        if (!holdsStill) fake.Says = ["bad"];
        shell.Do("exec sleep 600");
        await TaskBench.UntilAsync(() => shell.Runs("sleep"));
        bench.Time.Pass(TimeSpan.FromSeconds(11));
        await TaskBench.UntilAsync(() => bench.Now(task).State == state && (state != TaskState.Active || bench.Written(TaskEntryKind.Reevaluated).Length > 0));
        if (state == TaskState.Active) Assert.Equal(ActionOutcome.Permit, (await bench.AskAsync(TaskBench.Read(), shell.Caller, task.Id.ToString())).Outcome);
        else Assert.Null(await bench.JwtAsync(shell.Caller));
    }

    [RequiresRootFact("setpriv")]
    public async Task Another_user_is_never_taken_up_again()
    {
        using TaskBench bench = new(template => template with { OnChange = ChangeResponse.Reattest });
        using TaskChild shell = TaskChild.Shell();
        TaskView task = await bench.StartAsync(caller: shell.Caller);
        shell.Do("exec setpriv --reuid 65534 --clear-groups sleep 600");
        await TaskBench.UntilAsync(() => shell.Runs("sleep"));
        bench.Time.Pass(TimeSpan.FromSeconds(11));
        await TaskBench.UntilAsync(() => bench.Now(task).State == TaskState.Suspended);
        Assert.False((await bench.Tasks.ResumeAsync(TaskBench.Somebody, new TaskSelection { TaskId = task.Id.ToString() }, CancellationToken.None))[0].Changed);
    }

    [Fact]
    public async Task Work_that_lay_down_by_itself_cannot_go_on_when_an_operator_holds_it()
    {
        using TaskBench bench = new();
        TaskView task = await bench.StartAsync();
        await bench.Tasks.SuspendAsync(bench.Self, "", "", CancellationToken.None);
        bench.Tasks.Suspend(TaskBench.Somebody, new TaskSelection { TaskId = task.Id.ToString() });
        Assert.Equal(TaskRefusal.Suspended, (await bench.Tasks.ResumeAsync(bench.Self, "", CancellationToken.None)).Refusal);
        await bench.Tasks.SuspendAsync(bench.Self, "", "", CancellationToken.None); // Lying down again is no way around.
        Assert.Equal(TaskRefusal.Suspended, (await bench.Tasks.ResumeAsync(bench.Self, "", CancellationToken.None)).Refusal);
    }

    private static TaskBench WithService(FakeService fake, Func<TaskTemplate, TaskTemplate>? change = null)
    {
        TaskTemplate template = TaskBench.Template("work") with { Starters = new SelectorSet([new Selector("fake", "good")]) };
        return new TaskBench(new TaskRules(new TemplateSnapshot([change?.Invoke(template) ?? template], null), TaskBench.Compile()), new IssuanceParts { Services = [fake] });
    }
}
