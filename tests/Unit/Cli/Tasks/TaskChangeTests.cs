using System.Text.Json;
using Spiffe.Agent.Cli;
using Spiffe.Agent.Protocols.Admin;
using Spiffe.Agent.Protocols.Tasks;
using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Tests.Unit.Cli.Tasks;

public sealed class TaskChangeTests
{
    private readonly TestTerminal _terminal = new();

    [Theory]
    [InlineData("suspend", "SuspendTasks")]
    [InlineData("resume", "ResumeTasks")]
    [InlineData("revoke", "RevokeTasks")]
    [InlineData("end", "EndTasksWhere")]
    public async Task A_change_is_asked_for_and_told_task_by_task(string verb, string method)
    {
        TaskSelection? asked = null;
        await using FakeAgent agent = await ChangerAsync(method, s => asked = s, Changed(TaskSamples.Root, true), Changed(TaskSamples.Other, true));

        Assert.Equal(ExitCodes.Done, await RunAsync(agent, verb, "--template", "review", "--label", "stage=build", "--reason", "an incident"));

        Assert.Equal(("review", "build", "an incident", false, ""), (asked!.Template, asked.Labels["stage"], asked.Reason, asked.All, asked.TaskId));
        Assert.Equal(
            """
              TASK      CHANGED  STATE    DETAIL
              aaaaaaaa  yes      revoked  done
              zzzzzzzz  yes      revoked  done

            2 of 2 tasks changed

            """,
            _terminal.Out.Text);
    }

    [Fact]
    public async Task A_task_that_could_not_be_changed_ends_with_1_and_is_in_the_json()
    {
        await using FakeAgent agent = await ChangerAsync("RevokeTasks", _ => { }, Changed(TaskSamples.Root, true), Changed(TaskSamples.Other, false));

        Assert.Equal(ExitCodes.Failed, await RunAsync(agent, "revoke", "--all", "--reason", "r", "--output", "json"));

        using JsonDocument json = JsonDocument.Parse(_terminal.Out.Text);
        Assert.Equal([true, false], json.RootElement.GetProperty("outcomes").EnumerateArray().Select(o => o.GetProperty("changed").GetBoolean()));
    }

    [Fact]
    public async Task A_selection_that_selects_nothing_is_bad_input()
    {
        await using FakeAgent agent = await ChangerAsync("EndTasksWhere", _ => { });

        Assert.Equal(ExitCodes.BadInput, await RunAsync(agent, "end", "--ticket", "T-1"));
        Assert.Equal("no such tasks: nothing was changed\n", _terminal.Out.Text);
    }

    [Theory]
    [InlineData("name a task, select by", "revoke", "--reason", "r")]
    [InlineData("exclude each other", "revoke", "aaaa", "--all", "--reason", "r")]
    [InlineData("exclude each other", "revoke", "aaaa", "--template", "review", "--reason", "r")]
    [InlineData("--reason", "revoke", "aaaa")]
    [InlineData("say why, for the record", "suspend", "aaaa", "--reason", " ")]
    [InlineData("--ticket: '': is empty", "end", "--ticket", "")]
    [InlineData("write KEY=VALUE", "end", "--label", "stage")]
    [InlineData("is written twice", "end", "--label", "a=1", "--label", "a=2")]
    [InlineData("write --kill or --freeze", "contain", "aaaa", "--reason", "r")]
    [InlineData("write --kill or --freeze", "contain", "aaaa", "--reason", "r", "--kill", "--freeze")]
    public async Task A_slip_of_the_pen_changes_nothing(string told, params string[] args)
    {
        // No agent listens: were one asked, the exit code would be another.
        Assert.Equal(ExitCodes.Usage, await _terminal.RunAsync(["task", .. args, "--admin-socket", "unix:///nonexistent/admin.sock"]));
        Assert.Contains(told, _terminal.Error.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--kill", ContainRequest.Types.Means.Kill)]
    [InlineData("--freeze", ContainRequest.Types.Means.Freeze)]
    public async Task Contain_says_by_which_means(string flag, ContainRequest.Types.Means means)
    {
        ContainRequest? asked = null;
        await using FakeAgent agent = await FakeAgent.StartAsync(TaskSamples.Admin().Unary<ContainRequest, TasksChanged>("ContainTasks", ContainRequest.Parser, (request, _) =>
        {
            asked = request;
            return Task.FromResult(new TasksChanged { Outcomes = { Changed(TaskSamples.Root, true) } });
        }));

        Assert.Equal(ExitCodes.Done, await RunAsync(agent, "contain", "--subtree", "aaaaaaaab", "--reason", "it went astray", flag));
        Assert.Equal((means, "aaaaaaaab", "it went astray"), (asked!.Means, asked.Selection.Subtree, asked.Selection.Reason));
    }

    [Theory]
    [InlineData("approve", "ApproveTask")]
    [InlineData("deny", "DenyTask")]
    public async Task An_answer_to_an_approval_shows_the_task_as_it_is_then(string verb, string method)
    {
        ApprovalRequest? asked = null;
        await using FakeAgent agent = await FakeAgent.StartAsync(TaskSamples.Admin().Unary<ApprovalRequest, TaskSummary>(method, ApprovalRequest.Parser, (request, _) =>
        {
            asked = request;
            return Task.FromResult(TaskSamples.Summary());
        }));

        Assert.Equal(ExitCodes.Done, await RunAsync(agent, verb, "ap-1", "--reason", "looked at it"));
        Assert.Equal(("ap-1", "looked at it"), (asked!.Id, asked.Reason));
        Assert.StartsWith($"task {TaskSamples.Root}  active\n", _terminal.Out.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StatusCode.PermissionDenied, ExitCodes.PermissionDenied, "let another operator do so")]
    [InlineData(StatusCode.FailedPrecondition, ExitCodes.BadInput, "the task must ask again")]
    [InlineData(StatusCode.NotFound, ExitCodes.BadInput, "spiffe-agent task list --state pending")]
    public async Task An_approval_that_does_not_count_says_what_to_do(StatusCode status, int expected, string remedy)
    {
        await using FakeAgent agent = await FakeAgent.StartAsync(TaskSamples.Admin().Unary<ApprovalRequest, TaskSummary>(
            "ApproveTask", ApprovalRequest.Parser, (_, _) => throw new RpcException(new Spiffe.Agent.Rpc.Status(status, "no"))));

        Assert.Equal(expected, await RunAsync(agent, "approve", "ap-1"));
        Assert.Contains(remedy, _terminal.Error.Text, StringComparison.Ordinal);
    }

    private Task<int> RunAsync(FakeAgent agent, params string[] args) => _terminal.RunAsync(["task", .. args, "--admin-socket", agent.Uri]);

    private static TaskOutcome Changed(string id, bool changed) => new() { TaskId = id, Changed = changed, State = TaskState.Revoked, Detail = changed ? "done" : "it was over" };

    private static Task<FakeAgent> ChangerAsync(string method, System.Action<TaskSelection> asked, params TaskOutcome[] outcomes) => FakeAgent.StartAsync(
        TaskSamples.Admin().Unary<TaskSelection, TasksChanged>(method, TaskSelection.Parser, (selection, _) =>
        {
            asked(selection);
            return Task.FromResult(new TasksChanged { Outcomes = { outcomes } });
        }));
}
