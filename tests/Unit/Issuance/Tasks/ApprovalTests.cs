using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Issuance.Tasks.Requests;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Tasks.Grants;
using Spiffe.Agent.Tasks.Intents;
using Spiffe.Agent.Tasks.Lifecycle;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Tests.Unit.Issuance.Tasks;

/// <summary>People are asked, and their yes is for the very thing that they were shown, by another than who asked, for a while.</summary>
public sealed class ApprovalTests
{
    [Fact]
    public async Task Task_that_waits_for_approval_has_no_credentials_until_another_agrees()
    {
        using TaskBench bench = ToStart();
        TaskView task = await bench.StartAsync();
        Assert.Equal(TaskState.PendingApproval, task.State);
        Assert.Null(await bench.JwtAsync());
        Assert.Equal(ActionReason.ApprovalNeeded, (await bench.AskAsync(TaskBench.Read())).Reason);
        Assert.Empty(bench.Written(TaskEntryKind.Issued));

        Assert.Equal(TaskRefusal.None, bench.Tasks.Approve(TaskBench.Somebody, task.Approval!.Id).Refusal);
        Assert.Equal(TaskState.Active, bench.Now(task).State);
        Assert.NotNull(await bench.JwtAsync());
    }

    [Fact]
    public async Task Who_asked_never_approves()
    {
        using TaskBench bench = ToStart();
        TaskView task = await bench.StartAsync();
        Assert.Equal(TaskRefusal.MayNotApprove, bench.Tasks.Approve(new Operator(IssuanceBench.UserId, 1), task.Approval!.Id).Refusal);
        Assert.Equal(TaskState.PendingApproval, bench.Now(task).State);
    }

    [Fact]
    public async Task Only_named_approvers_approve()
    {
        using TaskBench bench = ToStart(template => template with { Approval = template.Approval with { Approvers = [4_000_002] } });
        TaskView task = await bench.StartAsync();
        Assert.Equal(TaskRefusal.MayNotApprove, bench.Tasks.Approve(TaskBench.Somebody, task.Approval!.Id).Refusal);
        Assert.Equal(TaskRefusal.None, bench.Tasks.Approve(new Operator(4_000_002, 1), task.Approval.Id).Refusal);
    }

    [Fact]
    public async Task Question_that_nobody_answers_is_answered_no()
    {
        using TaskBench bench = ToStart(template => template with { Approval = template.Approval with { Timeout = TimeSpan.FromMinutes(1) } });
        TaskView task = await bench.StartAsync();
        bench.Time.Pass(TimeSpan.FromSeconds(61));
        Assert.Equal(TaskRefusal.NotYours, bench.Tasks.Approve(TaskBench.Somebody, task.Approval!.Id).Refusal);
        Assert.Equal(TaskState.Expired, bench.Now(task).State);
    }

    [Fact]
    public async Task Task_that_is_denied_never_begins()
    {
        using TaskBench bench = ToStart();
        TaskView task = await bench.StartAsync();
        Assert.Equal(TaskState.Denied, bench.Tasks.Deny(TaskBench.Somebody, task.Approval!.Id, "not today").Task!.State);
        Assert.Contains("not today", bench.Now(task).Cause, StringComparison.Ordinal);
        Assert.Null(await bench.JwtAsync());
        Assert.Equal(TaskRefusal.NotYours, bench.Tasks.Approve(TaskBench.Somebody, task.Approval.Id).Refusal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Approval_to_start_is_void_when_policies_or_template_are_others(bool policies)
    {
        using TaskBench bench = ToStart();
        TaskView task = await bench.StartAsync();
        if (policies) bench.Reload(template => template, "permit(principal, action, resource);");
        else bench.Reload(template => template with { Ceiling = AuthorizationDetails.Parse(TaskBench.RepoGrant.Replace("\"comment\"", "\"merge\"", StringComparison.Ordinal)) });
        TaskRefusal refusal = bench.Tasks.Approve(TaskBench.Somebody, task.Approval!.Id).Refusal;
        Assert.True(refusal is TaskRefusal.ApprovalVoid or TaskRefusal.NotYours, refusal.ToString());
        Assert.NotEqual(TaskState.Active, bench.Now(task).State);
        Assert.Null(await bench.JwtAsync());
    }

    [Fact]
    public async Task Policy_that_asks_for_people_makes_the_start_wait()
    {
        using TaskBench bench = new(null, "@obligation(\"approval\") permit(principal, action, resource);");
        TaskView task = await bench.StartAsync();
        Assert.Equal(TaskState.PendingApproval, task.State);
        bench.Tasks.Approve(TaskBench.Somebody, task.Id.ToString());
        Assert.Equal(TaskState.Active, bench.Now(task).State);
    }

    [Fact]
    public async Task Beginning_of_an_id_that_two_tasks_have_approves_neither()
    {
        using TaskBench bench = ToStart();
        TaskView[] tasks = [.. await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => bench.StartAsync()))];
        string shared = tasks.Select(task => task.Id.ToString()[..1]).GroupBy(first => first).First(group => group.Count() > 1).Key;
        Assert.Equal(TaskRefusal.NotYours, bench.Tasks.Approve(TaskBench.Somebody, shared).Refusal);
        Assert.All(tasks, task => Assert.Equal(TaskState.PendingApproval, bench.Now(task).State));
    }

    [Fact]
    public async Task Approved_action_is_permitted_once_and_no_other()
    {
        using TaskBench bench = ForComments();
        await bench.StartAsync();
        ActionAsk comment = Comment("""{"text":"fine"}""");
        ActionDecision asked = await bench.AskAsync(comment);
        Assert.Equal((ActionOutcome.NeedsApproval, ActionReason.ApprovalNeeded), (asked.Outcome, asked.Reason));
        Assert.Equal(asked.Approval!.Id, (await bench.AskAsync(comment)).Approval!.Id); // The same question once.
        string id = asked.Approval.Id;
        Assert.Equal(ActionOutcome.NeedsApproval, (await bench.AskAsync(comment with { ApprovalId = id })).Outcome); // Nobody has answered.
        Assert.Equal(TaskRefusal.None, bench.Tasks.Approve(TaskBench.Somebody, id).Refusal);

        ActionAsk[] others =
        [
            Comment("""{"text":"other"}"""), comment with { Location = "https://git.example/x/elsewhere" }, comment with { Audience = "other-api" }, comment with { Tool = "curl" },
            comment with { Sensitivity = "internal" }, comment with { Boundary = "inside" }, comment with { Identifier = "7" }, comment with { Parameters = default },
        ];
        foreach (ActionAsk other in others)
        {
            ActionDecision decision = await bench.AskAsync(other with { ApprovalId = id });
            Assert.NotEqual(ActionOutcome.Permit, decision.Outcome);
            Assert.True(decision.Reason is ActionReason.ApprovalVoid or ActionReason.NotGranted, decision.ToString());
        }

        Assert.Equal(ActionReason.ApprovalVoid, (await bench.AskAsync(comment with { ApprovalId = "none" })).Reason);
        Assert.Equal(ActionOutcome.Permit, (await bench.AskAsync(comment with { ApprovalId = id })).Outcome);
        Assert.Equal(ActionReason.ApprovalVoid, (await bench.AskAsync(comment with { ApprovalId = id })).Reason);
    }

    [Fact]
    public async Task Worker_never_approves_its_own_action()
    {
        using TaskBench bench = ForComments();
        await bench.StartAsync();
        string id = (await bench.AskAsync(Comment())).Approval!.Id;
        Assert.Equal(TaskRefusal.MayNotApprove, bench.Tasks.Approve(new Operator(IssuanceBench.UserId, 1), id).Refusal);
        Assert.Equal(ActionOutcome.NeedsApproval, (await bench.AskAsync(Comment() with { ApprovalId = id })).Outcome);
    }

    [Theory]
    [InlineData("narrow")]
    [InlineData("resume")]
    [InlineData("policies")]
    [InlineData("template")]
    [InlineData("intent")]
    [InlineData("late")]
    [InlineData("denied")]
    public async Task Approval_is_void_after(string change)
    {
        using TaskBench bench = ForComments();
        await bench.StartAsync();
        string id = (await bench.AskAsync(Comment())).Approval!.Id;
        if (change != "denied") Assert.Equal(TaskRefusal.None, bench.Tasks.Approve(TaskBench.Somebody, id).Refusal);
        switch (change)
        {
            case "narrow":
                await bench.Tasks.UpdateIntentAsync(bench.Self, "", TaskIntent.None, TaskBench.Utf8(TaskBench.RepoGrant.Replace("3", "2", StringComparison.Ordinal)), CancellationToken.None);
                break;
            case "resume":
                await bench.Tasks.SuspendAsync(bench.Self, "", "", CancellationToken.None);
                await bench.Tasks.ResumeAsync(bench.Self, "", CancellationToken.None);
                break;
            case "policies":
                bench.Reload(template => template, "permit(principal, action, resource);");
                break;
            case "template":
                bench.Reload(template => template with { Purpose = "another" });
                break;
            case "intent":
                await bench.Tasks.UpdateIntentAsync(bench.Self, "", TaskBench.Intent(new IntentDraft { Goal = "something else" }), default, CancellationToken.None);
                break;
            case "late":
                bench.Time.Pass(new ApprovalRule().Validity + TimeSpan.FromSeconds(1));
                break;
            default:
                bench.Tasks.Deny(TaskBench.Somebody, id, "");
                break;
        }

        Assert.Equal(ActionReason.ApprovalVoid, (await bench.AskAsync(Comment() with { ApprovalId = id })).Reason);
    }

    [Fact]
    public async Task More_questions_than_people_read_are_not_put()
    {
        using TaskBench bench = ForComments();
        await bench.StartAsync();
        int asked = 0;
        ActionDecision decision;
        while ((decision = await bench.AskAsync(Comment($$"""{"n":{{asked}}}"""))).Outcome == ActionOutcome.NeedsApproval && asked < 100) asked++;
        Assert.Equal((ActionOutcome.Deny, ActionReason.ApprovalNeeded, 16), (decision.Outcome, decision.Reason, asked));
    }

    [Fact]
    public async Task Question_shows_people_nothing_that_moves_hides_or_cuts_what_they_agree_to()
    {
        using TaskBench bench = ForComments();
        await bench.StartAsync();
        string question = (await bench.AskAsync(Comment("{\"t\":\"a\u202eb\u009b2J\",\n\n\"u\":1}") with { Reason = "r\u202e\u200b" })).Approval!.Question;
        Assert.DoesNotContain(question, static c => char.IsControl(c) || c is '\u202e' or '\u200b');
        string cut = (await bench.AskAsync(Comment($"{{\"t\":\"{new string('a', 2000)}\",\"u\":\"drop table\"}}"))).Approval!.Question;
        Assert.Contains("CUT HERE", cut, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Approval_that_no_token_came_of_is_not_used_up()
    {
        using TaskBench bench = ForComments();
        TaskView task = await bench.StartAsync();
        string id = (await bench.AskAsync(Comment())).Approval!.Id;
        bench.Tasks.Approve(TaskBench.Somebody, id);
        bench.Issuance.Journal.IsWritable = false;
        Assert.Equal(ActionReason.Unavailable, (await bench.AskAsync(Comment() with { ApprovalId = id })).Reason);
        Assert.Equal(0, bench.Now(task).Rights.Single().Used);
        bench.Issuance.Journal.IsWritable = true;
        Assert.Equal(ActionOutcome.Permit, (await bench.AskAsync(Comment() with { ApprovalId = id })).Outcome);
    }

    private static TaskBench ToStart(Func<TaskTemplate, TaskTemplate>? more = null) =>
        new(template => (more ?? (static same => same))(template with { Approval = template.Approval with { ToStart = true } }));

    private static TaskBench ForComments() => new(static template => template with { Approval = template.Approval with { Actions = ["comment"] } });

    private static ActionAsk Comment(string parameters = "") => TaskBench.Read() with { Action = "comment", Parameters = TaskBench.Utf8(parameters) };
}
