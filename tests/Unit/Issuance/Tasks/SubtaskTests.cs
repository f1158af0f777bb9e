using System.Text.Json;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Issuance.Tasks.Requests;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Tasks.Grants;
using Spiffe.Agent.Tasks.Intents;
using Spiffe.Agent.Tasks.Lifecycle;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Tests.Unit.Issuance.Tasks;

/// <summary>Agents of agents: each has an identity of its own, within what is left of its parent's, and no longer than it.</summary>
public sealed class SubtaskTests
{
    private const string Two = """[{"type":"repo","actions":["read"],"locations":["https://git.example/x/docs"],"audiences":["repo-api"],"constraints":{"max_uses":2}}]""";

    [Fact]
    public async Task Subtask_is_a_real_childs_and_nobody_elses()
    {
        using TaskBench bench = new();
        using TaskChild shell = TaskChild.Shell();
        TaskView parent = await bench.StartAsync();
        int grandchild = shell.Fork().Peer!.ProcessId;
        foreach (int other in (int[])[0, 1, Environment.ProcessId, grandchild, int.MaxValue])
            Assert.Equal(TaskRefusal.NotBindable, (await SpawnAsync(bench, other)).Refusal);
        Assert.Empty(bench.Now(parent).Children);
        Assert.Equal(TaskRefusal.None, (await SpawnAsync(bench, shell.Id)).Refusal);
    }

    [Fact]
    public async Task Child_is_granted_what_is_left_and_what_is_more_is_dropped_with_the_reason()
    {
        using TaskBench bench = new();
        using TaskChild child = TaskChild.Sleep();
        TaskView parent = await bench.StartAsync();
        await bench.AskAsync(TaskBench.Read());
        TaskView spawned = (await SpawnAsync(bench, child.Id)).Task!;
        AuthorizationDetails granted = AuthorizationDetails.Parse(spawned.Grants);
        Assert.True(granted.IsWithin(AuthorizationDetails.Parse(parent.Grants)));
        Assert.Equal(2, granted.Items.Single().Constraints.MaxUses);
        Assert.Equal(0, bench.Now(parent).Rights.Single().Remaining);

        using TaskChild second = TaskChild.Sleep();
        TaskAnswer wider = await SpawnAsync(bench, second.Id, grants: """[{"type":"root","actions":["all"]}]""");
        Assert.Equal(TaskRefusal.NothingGranted, wider.Refusal);
        Assert.NotEmpty(wider.Detail);
    }

    [Fact]
    public async Task Uses_of_a_child_are_debited_from_the_parent_and_what_it_did_not_use_comes_back()
    {
        using TaskBench bench = new();
        using TaskChild child = TaskChild.Sleep();
        TaskView parent = await bench.StartAsync();
        TaskView spawned = (await SpawnAsync(bench, child.Id, grants: Two)).Task!;
        Assert.Equal((0, 1), Counts(bench, parent));

        Assert.Equal(ActionOutcome.Permit, (await bench.AskAsync(TaskBench.Read())).Outcome);
        Assert.Equal(ActionReason.Exhausted, (await bench.AskAsync(TaskBench.Read())).Reason); // The child holds the rest.
        Assert.Equal(ActionOutcome.Permit, (await bench.AskAsync(Docs(), child.Caller)).Outcome);
        Assert.Equal(ActionReason.NotGranted, (await bench.AskAsync(TaskBench.Read(), child.Caller)).Reason); // Narrower than its parent.

        await bench.Tasks.CompleteAsync(bench.Self, spawned.Id.ToString(), "", CancellationToken.None);
        Assert.Equal((2, 1), Counts(bench, parent));
        Assert.Equal(ActionOutcome.Permit, (await bench.AskAsync(TaskBench.Read())).Outcome);
        Assert.Equal((3, 0), Counts(bench, parent));
    }

    [Fact]
    public async Task However_a_family_shares_its_uses_they_are_never_more()
    {
        using TaskBench bench = new(template => template with { Ceiling = AuthorizationDetails.Parse(TaskBench.RepoGrant.Replace("\"max_uses\":3", "\"max_uses\":8", StringComparison.Ordinal)) });
        TaskChild[] children = [TaskChild.Sleep(), TaskChild.Sleep(), TaskChild.Sleep()];
        try
        {
            TaskView parent = await bench.StartAsync();
            foreach (TaskChild child in children) Assert.Equal(TaskRefusal.None, (await SpawnAsync(bench, child.Id, grants: Two)).Refusal);
            ActionDecision[] decisions = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(() => i % 4 == 3 ? bench.AskAsync(Docs()) : bench.AskAsync(Docs(), children[i % 4].Caller))));
            Assert.Equal(8, decisions.Count(decision => decision.Outcome == ActionOutcome.Permit));
            bench.Tasks.Revoke(TaskBench.Somebody, new TaskSelection { TaskId = parent.Id.ToString() });
            RightView right = bench.Now(parent).Receipt!.Rights.Single();
            Assert.Equal((8, 0), (right.Used, right.Remaining)); // The receipt counts what was done below.
        }
        finally
        {
            foreach (TaskChild child in children) child.Dispose();
        }
    }

    [Fact]
    public async Task Steps_are_not_handed_on()
    {
        const string Steps = """[{"type":"repo","actions":["read"],"audiences":["repo-api"],"constraints":{"order":1,"max_uses":1}},{"type":"repo","actions":["comment"],"audiences":["repo-api"],"constraints":{"max_uses":2}}]""";
        using TaskBench bench = new(template => template with { Ceiling = AuthorizationDetails.Parse(Steps) });
        using TaskChild child = TaskChild.Sleep();
        await bench.StartAsync();
        TaskView spawned = (await SpawnAsync(bench, child.Id)).Task!;
        Assert.Equal(["comment"], AuthorizationDetails.Parse(spawned.Grants).Items.Select(item => item.Actions.ToString().Trim('[', ']', '"')));
    }

    [Fact]
    public async Task Levels_are_those_of_the_strictest_template_above()
    {
        TaskTemplate root = TaskBench.Template("root") with { MaxDepth = 1, SubtaskTemplates = ["deep"] };
        TaskTemplate deep = TaskBench.Template("deep") with { MaxDepth = 9 };
        using TaskBench bench = new(new TaskRules(new TemplateSnapshot([root, deep], null), TaskBench.Compile()));
        using TaskChild shell = TaskChild.Shell();
        await bench.StartAsync(new StartTask { Template = "root" });
        Assert.Equal(TaskRefusal.None, (await SpawnAsync(bench, shell.Id, "deep", Two)).Refusal);
        TaskAnswer deeper = await bench.Tasks.SpawnAsync(shell.Caller, "", new StartTask { Template = "deep", ChildProcessId = shell.Fork().Peer!.ProcessId }, CancellationToken.None);
        Assert.Equal(TaskRefusal.SubtaskNotAllowed, deeper.Refusal);
    }

    [Fact]
    public async Task Subtask_has_a_template_that_its_parent_names()
    {
        TaskTemplate other = TaskBench.Template("other");
        using TaskBench bench = new(new TaskRules(new TemplateSnapshot([TaskBench.Template("work"), other], null), TaskBench.Compile()));
        using TaskChild child = TaskChild.Sleep();
        await bench.StartAsync();
        Assert.Equal(TaskRefusal.SubtaskNotAllowed, (await SpawnAsync(bench, child.Id, "other")).Refusal);
        Assert.Equal(TaskRefusal.None, (await SpawnAsync(bench, child.Id)).Refusal);
    }

    [Fact]
    public async Task Children_and_families_are_bounded_and_refusals_cost_nothing()
    {
        TaskTemplate template = TaskBench.Template("work") with { MaxChildren = 1, Ceiling = AuthorizationDetails.Parse(TaskBench.RepoGrant.Replace(",\"constraints\":{\"max_uses\":3}", "", StringComparison.Ordinal)) };
        IssuanceParts parts = new() { Options = new TaskServiceOptions { TrustDomain = IssuanceBench.Domain, MaxFamily = 3 } };
        using TaskBench bench = new(new TaskRules(new TemplateSnapshot([template], null), TaskBench.Compile()), parts);
        using TaskChild child = TaskChild.Sleep();
        await bench.StartAsync();
        for (int i = 0; i < 10; i++) Assert.Equal(TaskRefusal.NothingGranted, (await SpawnAsync(bench, child.Id, grants: """[{"type":"root","actions":["all"]}]""")).Refusal);
        for (int i = 0; i < 2; i++)
        {
            TaskAnswer first = await SpawnAsync(bench, child.Id);
            Assert.Equal(TaskRefusal.None, first.Refusal);
            Assert.Equal(TaskRefusal.TooMany, (await SpawnAsync(bench, child.Id)).Refusal);
            await bench.Tasks.CompleteAsync(bench.Self, first.Task!.Id.ToString(), "", CancellationToken.None);
        }

        Assert.Equal(TaskRefusal.TooMany, (await SpawnAsync(bench, child.Id)).Refusal); // Three in all, ended ones included.
    }

    [Fact]
    public async Task Child_never_outlives_its_parents_lease_and_deadline()
    {
        using TaskBench bench = new(template => template with { Lifetimes = template.Lifetimes with { Lease = TimeSpan.FromMinutes(1), Deadline = TimeSpan.FromMinutes(2), Renewal = Renewal.Explicit } });
        using TaskChild child = TaskChild.Sleep();
        TaskView parent = await bench.StartAsync();
        bench.Time.Pass(TimeSpan.FromSeconds(30));
        TaskView spawned = (await SpawnAsync(bench, child.Id)).Task!;
        Assert.True(spawned.LeaseUntil <= bench.Now(parent).LeaseUntil && spawned.Deadline <= parent.Deadline);
        TaskAnswer renewed = await bench.Tasks.RenewAsync(child.Caller, "", TimeSpan.FromMinutes(1), CancellationToken.None);
        Assert.True(renewed.Task!.LeaseUntil <= bench.Now(parent).LeaseUntil);
        bench.Time.Pass(TimeSpan.FromSeconds(31));
        Assert.Equal(TaskState.Expired, bench.Now(parent).State);
        Assert.True(bench.Now(spawned).State is TaskState.Revoked or TaskState.Expired);
    }

    [Fact]
    public async Task Revocation_takes_the_whole_subtree_in_one_step()
    {
        using TaskBench bench = new();
        using TaskChild shell = TaskChild.Shell();
        TaskView parent = await bench.StartAsync(), child = (await SpawnAsync(bench, shell.Id, grants: Two)).Task!;
        Spiffe.Agent.Issuance.Admission.Caller grandchild = shell.Fork();
        TaskView below = (await bench.Tasks.SpawnAsync(shell.Caller, "", new StartTask { Template = "work", ChildProcessId = grandchild.Peer!.ProcessId }, CancellationToken.None)).Task!;
        Assert.Equal($"{parent.SpiffeId} {child.SpiffeId}", string.Join(" ", below.Chain));
        Assert.Equal(parent.Id, below.Correlation);
        string[] tokens = [(await bench.JwtAsync())!.Token, (await bench.JwtAsync(shell.Caller))!.Token, (await bench.JwtAsync(grandchild))!.Token];
        JsonElement claims = TaskBench.ClaimsOf(tokens[2]);
        Assert.Equal(parent.Id.ToString(), claims.GetProperty("txn").GetString());
        Assert.Contains(child.SpiffeId.ToString(), claims.GetRawText(), StringComparison.Ordinal);

        long before = bench.Tasks.Ledger.LastSequence;
        bench.Tasks.Revoke(TaskBench.Somebody, new TaskSelection { TaskId = parent.Id.ToString() });
        RevocationEvent step = Assert.Single(bench.Tasks.Ledger.Read(new RevocationCursor(bench.Tasks.Ledger.Epoch, before)).Events);
        Assert.Equal(3, step.Tasks.Count(task => task.Ends));
        Assert.All(tokens, token => Assert.Equal("revoked", bench.Issuance.Service.ValidateJwt(token, "repo-api").Broken));
        Assert.All((TaskView[])[parent, child, below], task => Assert.Equal(TaskState.Revoked, bench.Now(task).State));
        Assert.Equal($"{child.Id} {below.Id}", string.Join(" ", bench.Now(parent).Receipt!.Subtasks));
    }

    [Fact]
    public async Task Suspended_parent_suspends_its_children_and_none_goes_on_before_it()
    {
        using TaskBench bench = new();
        using TaskChild child = TaskChild.Sleep();
        await bench.StartAsync();
        TaskView spawned = (await SpawnAsync(bench, child.Id)).Task!;
        string token = (await bench.JwtAsync(child.Caller))!.Token;
        await bench.Tasks.SuspendAsync(bench.Self, "", "", CancellationToken.None);
        Assert.Equal("suspended", bench.Issuance.Service.ValidateJwt(token, "repo-api").Broken);
        Assert.Equal(TaskRefusal.WrongState, (await bench.Tasks.ResumeAsync(child.Caller, "", CancellationToken.None)).Refusal);
        Assert.Equal(TaskState.Suspended, bench.Now(spawned).State);
        Assert.Equal(TaskRefusal.Suspended, (await SpawnAsync(bench, child.Id)).Refusal);
        await bench.Tasks.ResumeAsync(bench.Self, "", CancellationToken.None);
        Assert.Equal(TaskState.Active, (await bench.Tasks.ResumeAsync(child.Caller, "", CancellationToken.None)).Task!.State);
    }

    [Fact]
    public async Task Exit_of_the_parents_process_ends_everything_below()
    {
        using TaskBench bench = new();
        using TaskChild shell = TaskChild.Shell();
        Spiffe.Agent.Issuance.Admission.Caller below = shell.Fork();
        TaskView parent = await bench.StartAsync(caller: shell.Caller);
        TaskView child = (await bench.Tasks.SpawnAsync(shell.Caller, "", new StartTask { Template = "work", ChildProcessId = below.Peer!.ProcessId }, CancellationToken.None)).Task!;
        string token = (await bench.JwtAsync(below))!.Token;
        shell.Kill();
        await TaskBench.UntilAsync(() => bench.Now(child).State == TaskState.Revoked);
        Assert.Equal(TaskState.Failed, bench.Now(parent).State);
        Assert.Equal("revoked", bench.Issuance.Service.ValidateJwt(token, "repo-api").Broken);
        Assert.Null(await bench.JwtAsync(below));
    }

    [Fact]
    public async Task Forked_child_inherits_nothing()
    {
        using TaskBench bench = new();
        using TaskChild shell = TaskChild.Shell();
        TaskView task = await bench.StartAsync(caller: shell.Caller);
        Spiffe.Agent.Issuance.Admission.Caller fork = shell.Fork();
        Assert.NotNull(await bench.JwtAsync(shell.Caller));
        Assert.Null(await bench.JwtAsync(fork));
        Assert.Equal(TaskRefusal.NotYours, (await bench.Tasks.AuthorizeAsync(fork, task.Id.ToString(), TaskBench.Read(), CancellationToken.None)).Refused.Refusal);
        Assert.Equal(TaskRefusal.NotYours, (await bench.Tasks.SpawnAsync(fork, task.Id.ToString(), new StartTask { Template = "work", ChildProcessId = 1 }, CancellationToken.None)).Refusal);
    }

    [Fact]
    public async Task Narrowing_the_parent_narrows_its_children_and_kills_what_they_hold()
    {
        using TaskBench bench = new(template => template with { Ceiling = AuthorizationDetails.Parse("""[{"type":"repo","actions":["comment","read"],"audiences":["repo-api"]}]""") });
        using TaskChild child = TaskChild.Sleep();
        await bench.StartAsync();
        TaskView spawned = (await SpawnAsync(bench, child.Id)).Task!;
        string token = (await bench.JwtAsync(child.Caller))!.Token;
        await bench.Tasks.UpdateIntentAsync(bench.Self, "", TaskIntent.None, TaskBench.Utf8("""[{"type":"repo","actions":["read"],"audiences":["repo-api"]}]"""), CancellationToken.None);
        TaskView after = bench.Now(spawned);
        Assert.DoesNotContain("comment", after.Grants, StringComparison.Ordinal);
        Assert.Equal(spawned.Generation + 1, after.Generation);
        Assert.Equal("revoked", bench.Issuance.Service.ValidateJwt(token, "repo-api").Broken);
        Assert.True(bench.Issuance.Service.ValidateJwt((await bench.JwtAsync(child.Caller))!.Token, "repo-api").IsValid);
    }

    [Fact]
    public async Task Narrowed_count_holds_for_the_family_as_a_whole()
    {
        using TaskBench bench = new();
        TaskChild[] children = [TaskChild.Sleep(), TaskChild.Sleep()];
        try
        {
            await bench.StartAsync();
            string one = Two.Replace("2", "1", StringComparison.Ordinal);
            foreach (TaskChild child in children) Assert.Equal(TaskRefusal.None, (await SpawnAsync(bench, child.Id, grants: one)).Refusal);
            bench.Reload(template => template with { Ceiling = AuthorizationDetails.Parse(TaskBench.RepoGrant.Replace("3", "1", StringComparison.Ordinal)) });
            int permitted = 0;
            foreach (TaskChild child in children) permitted += await CountAsync(bench, child.Caller);
            permitted += await CountAsync(bench, bench.Self);
            Assert.InRange(permitted, 0, 1);
        }
        finally
        {
            foreach (TaskChild child in children) child.Dispose();
        }
    }

    private static async Task<int> CountAsync(TaskBench bench, Spiffe.Agent.Issuance.Admission.Caller caller)
    {
        int permitted = 0;
        for (int i = 0; i < 4; i++) permitted += (await bench.AskAsync(Docs(), caller)).Outcome == ActionOutcome.Permit ? 1 : 0;
        return permitted;
    }

    private static (long Used, long Remaining) Counts(TaskBench bench, TaskView task) => (bench.Now(task).Rights.Single().Used, bench.Now(task).Rights.Single().Remaining);

    private static ActionAsk Docs() => TaskBench.Read("https://git.example/x/docs/a");

    private static async Task<TaskAnswer> SpawnAsync(TaskBench bench, int child, string template = "work", string grants = "") =>
        await bench.Tasks.SpawnAsync(bench.Self, "", new StartTask { Template = template, ChildProcessId = child, Grants = TaskBench.Utf8(grants) }, CancellationToken.None);
}
