using System.Text.Json;
using Spiffe.Agent.Cli;
using Spiffe.Agent.Protocols.Tasks;
using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Tests.Unit.Cli.Tasks;

public sealed class OwnTaskTests
{
    private const string Token = "eyJ.eyJ.c2ln";

    private readonly TestTerminal _terminal = new();

    [Fact]
    public async Task Authorize_prints_the_decision_and_never_the_token_unless_asked()
    {
        AuthorizeActionRequest? asked = null;
        await using FakeAgent agent = await DeciderAsync(Permit(), request => asked = request);

        Assert.Equal(ExitCodes.Done, await RunAsync(
            agent, "authorize", "--type", "ticket", "--action", "read", "--location", "https://t.example/1", "--datatype", "text", "--sensitivity", "internal", "--tool", "curl",
            "--boundary", "corp", "--reason", "to answer", "--parameters", """{"id":1}""", "--audience", "api", "--approval", "ap-1", "--task", TaskSamples.Root));

        Assert.Equal((TaskSamples.Root, "ap-1"), (asked!.TaskId, asked.ApprovalId));
        Spiffe.Agent.Protocols.Tasks.Action action = asked.Action;
        Assert.Equal(("ticket", "read", "https://t.example/1", "text", "internal"), (action.Type, action.Action_, action.Location, action.Datatype, action.Sensitivity));
        Assert.Equal(("curl", "corp", "to answer", """{"id":1}""", "api"), (action.Tool, action.Boundary, action.Reason, action.Parameters, action.Audience));
        Assert.Equal("permitted\n  uses left     2\n  token         with --token; expires in 1 minute\n  decision      d-1\n", _terminal.Out.Text);
        Assert.Equal(["true"], agent.SecurityHeaders);
    }

    [Fact]
    public async Task Authorize_with_token_prints_the_token_and_nothing_else()
    {
        await using FakeAgent agent = await DeciderAsync(Permit());

        Assert.Equal(ExitCodes.Done, await RunAsync(agent, "authorize", "--type", "t", "--action", "a", "--token"));
        Assert.Equal((Token + "\n", ""), (_terminal.Out.Text, _terminal.Error.Text));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Authorize_in_json_has_the_token_only_when_asked(bool withToken)
    {
        await using FakeAgent agent = await DeciderAsync(Permit());

        await RunAsync(agent, ["authorize", "--type", "t", "--action", "a", "--output", "json", .. withToken ? new[] { "--token" } : []]);

        using JsonDocument json = JsonDocument.Parse(_terminal.Out.Text);
        Assert.Equal("permit", json.RootElement.GetProperty("outcome").GetString());
        Assert.Equal(withToken, json.RootElement.TryGetProperty("token", out JsonElement token) && token.GetString() == Token);
        Assert.Equal(withToken, _terminal.Out.Text.Contains(Token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refusal_ends_with_77_and_says_what_would_help()
    {
        await using FakeAgent agent = await DeciderAsync(new ActionDecision
        {
            Outcome = ActionDecision.Types.Outcome.NeedsApproval,
            Reason = "APPROVAL_NEEDED",
            Approval = new Approval { Id = "ap-1", Question = "may it?" },
            TaskState = TaskState.Active,
        });

        Assert.Equal(ExitCodes.PermissionDenied, await RunAsync(agent, "authorize", "--type", "t", "--action", "a", "--token"));
        Assert.Equal("", _terminal.Out.Text);
        Assert.Contains("needs approval  APPROVAL_NEEDED\n  approval      ap-1: may it?\n", _terminal.Error.Text, StringComparison.Ordinal);
        Assert.Contains("spiffe-agent task approve ap-1", _terminal.Error.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parameters_that_are_no_object_are_refused_before_anybody_is_asked()
    {
        Assert.Equal(ExitCodes.Usage, await _terminal.RunAsync(["task", "authorize", "--type", "t", "--action", "a", "--parameters", "[1]", "--socket", "unix:///nonexistent/s"]));
        Assert.Contains("--parameters: is no JSON object", _terminal.Error.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("complete")]
    [InlineData("fail")]
    public async Task The_end_is_told_with_what_became_of_each_right(string verb)
    {
        string? word = null;
        OffboardingReceipt receipt = new()
        {
            TaskId = TaskSamples.Root,
            State = verb == "fail" ? TaskState.Failed : TaskState.Completed,
            RevokedCredentials = { "0a" },
            EndedSubtasks = { TaskSamples.Child },
            Rights = { new Right { Detail = """{"type":"repo","actions":["read"]}""", Used = 2, Remaining = -1 }, new Right { Detail = """{"type":"ticket"}""", Used = 0 } },
        };
        await using FakeAgent agent = await FakeAgent.StartAsync(TaskSamples.Identity()
            .Unary<CompleteTaskRequest, OffboardingReceipt>("CompleteTask", CompleteTaskRequest.Parser, (request, _) => Answer(request.Result))
            .Unary<FailTaskRequest, OffboardingReceipt>("FailTask", FailTaskRequest.Parser, (request, _) => Answer(request.Reason)));

        Assert.Equal(ExitCodes.Done, await RunAsync(agent, verb, verb == "fail" ? "--reason" : "--result", "said"));
        Assert.Equal("said", word);
        Assert.Equal(
            $"task {TaskSamples.Root}  {(verb == "fail" ? "failed" : "completed")}\n  revoked       1 credential that had not expired\n  ended with it {TaskSamples.Child}\n  used          2 × repo: read\n  never used    ticket\n",
            _terminal.Out.Text);

        Task<OffboardingReceipt> Answer(string said)
        {
            word = said;
            return Task.FromResult(receipt);
        }
    }

    [Fact]
    public async Task Renew_shows_the_end_that_was_given()
    {
        RenewTaskRequest? asked = null;
        await using FakeAgent agent = await FakeAgent.StartAsync(TaskSamples.Identity().Unary<RenewTaskRequest, TaskHandle>("RenewTask", RenewTaskRequest.Parser, (request, _) =>
        {
            asked = request;
            return Task.FromResult(new TaskHandle { TaskId = TaskSamples.Root, State = TaskState.Active, LeaseUntil = TaskSamples.At(10), AuthorizationDetails = """[{"type":"repo","actions":["read","list"]}]""" });
        }));

        Assert.Equal(ExitCodes.Done, await RunAsync(agent, "renew", "--lease", "1h"));
        Assert.Equal(3600, asked!.Lease.Seconds);
        Assert.Equal($"task {TaskSamples.Root}  active\n  lease until   in 10 minutes (2026-03-04 12:10:00 UTC)\n  may           repo: read, list\n", _terminal.Out.Text);
    }

    [Fact]
    public async Task Watch_ends_well_when_the_task_does()
    {
        await using FakeAgent agent = await FakeAgent.StartAsync(TaskSamples.Identity().ServerStreaming<WatchTaskRequest, TaskEvent>("WatchTask", WatchTaskRequest.Parser, async (request, stream, context) =>
        {
            await stream.WriteAsync(new TaskEvent { Sequence = request.After + 1, At = TaskSamples.At(0), Kind = "used", State = TaskState.Active, Detail = "read \e" });
            await stream.WriteAsync(new TaskEvent { Sequence = request.After + 2, At = TaskSamples.At(1), Kind = "ended", State = TaskState.Completed });
            await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }));

        Assert.Equal(ExitCodes.Done, await RunAsync(agent, "watch", "--after", "7"));
        Assert.Equal("2026-03-04 12:00:00 UTC  used  active  read \\u{1b}\n2026-03-04 12:01:00 UTC  ended  completed\n", _terminal.Out.Text);
    }

    [Fact]
    public async Task A_process_without_a_task_is_told_whose_it_may_be()
    {
        await using FakeAgent agent = await FakeAgent.StartAsync(TaskSamples.Identity().Unary<CompleteTaskRequest, OffboardingReceipt>(
            "CompleteTask", CompleteTaskRequest.Parser, (_, _) => throw new RpcException(new Spiffe.Agent.Rpc.Status(StatusCode.NotFound, "this process has no such task"))));

        Assert.Equal(ExitCodes.BadInput, await RunAsync(agent, "complete"));
        Assert.Contains("this process has no such task: only what the task is bound to may ask", _terminal.Error.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("7d", 604_800)]
    [InlineData("0s", null)]
    [InlineData("366d", null)]
    [InlineData("5", null)]
    [InlineData("-5m", null)]
    [InlineData("99999999d", null)]
    public async Task Durations_are_as_the_configuration_writes_them(string text, int? seconds)
    {
        int exitCode = await _terminal.RunAsync(["task", "renew", "--lease", text, "--socket", "unix:///nonexistent/s"]);
        Assert.Equal(seconds is null ? ExitCodes.Usage : ExitCodes.Unavailable, exitCode);
    }

    [Theory]
    [InlineData("{", "is not JSON (line 1, byte 2)")]
    [InlineData("[1]", "is no authorization detail")]
    [InlineData("@/nonexistent/grants.json", "does not exist")]
    public async Task A_grant_that_cannot_be_read_begins_nothing(string grant, string told)
    {
        Assert.Equal(ExitCodes.BadInput, await _terminal.RunAsync(["task", "run", "--template", "t", "--goal", "g", "--grant", grant, "--", "/bin/sh"]));
        Assert.Contains(told, _terminal.Error.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_subjects_token_that_is_none_is_not_shown()
    {
        _terminal.Input = "not a token, but secret";
        Assert.Equal(ExitCodes.BadInput, await _terminal.RunAsync(["task", "run", "--template", "t", "--goal", "g", "--subject-token-file", "-", "--", "/bin/sh"]));
        Assert.Contains("standard input: has characters that no token has", _terminal.Error.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", _terminal.Error.Text, StringComparison.Ordinal);
    }

    private Task<int> RunAsync(FakeAgent agent, params string[] args) => _terminal.RunAsync(["task", .. args, "--socket", agent.Uri]);

    private static ActionDecision Permit() => new()
    {
        Outcome = ActionDecision.Types.Outcome.Permit,
        ActionToken = Token,
        ExpiresAt = TaskSamples.At(1),
        RemainingUses = 2,
        DecisionId = "d-1",
        TaskState = TaskState.Active,
    };

    private static Task<FakeAgent> DeciderAsync(ActionDecision decision, System.Action<AuthorizeActionRequest>? asked = null) => FakeAgent.StartAsync(
        TaskSamples.Identity().Unary<AuthorizeActionRequest, ActionDecision>("AuthorizeAction", AuthorizeActionRequest.Parser, (request, _) =>
        {
            asked?.Invoke(request);
            return Task.FromResult(decision);
        }));
}
