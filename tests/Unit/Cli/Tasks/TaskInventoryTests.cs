using System.Text.Json;
using Spiffe.Agent.Cli;
using Spiffe.Agent.Protocols.Admin;
using Spiffe.Agent.Protocols.Tasks;
using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Tests.Unit.Cli.Tasks;

public sealed class TaskInventoryTests
{
    private readonly TestTerminal _terminal = new();

    [Fact]
    public async Task List_draws_subtasks_beneath_their_task_and_says_what_waits()
    {
        TaskSummary child = TaskSamples.Summary(TaskSamples.Child);
        (child.ParentTaskId, child.State, child.Depth, child.Refusals, child.Goal) = (TaskSamples.Root, TaskState.PendingApproval, 1, 0, "short");
        child.Approval = new Approval { Id = "ap-1", Question = "may it write?" };
        TaskSummary ended = TaskSamples.Summary(TaskSamples.Other);
        (ended.State, ended.EndedAt, ended.Ticket) = (TaskState.Completed, TaskSamples.At(-2), "");
        await using FakeAgent agent = await ListerAsync(_ => { }, ended, child, TaskSamples.Summary());

        Assert.Equal(ExitCodes.Done, await RunAsync(agent, "list", "--ended"));

        Assert.Equal(
            """
              TASK         TEMPLATE  STATE      OWNER   GOAL                                      TICKET  BOUND TO      USES          LEFT
              zzzzzzzz2    review    completed  team-a  read the change and say what is wrong w…          process 4711  3, 1 refused  ended 2 minutes ago
              aaaaaaaab    review    active     team-a  read the change and say what is wrong w…  T-1     process 4711  3, 1 refused  5 minutes
              └ aaaaaaaax  review    pending    team-a  short                                     T-1     process 4711  3             5 minutes

            3 tasks: 1 pending, 1 active, 1 completed
            aaaaaaaax waits for approval: may it write?: spiffe-agent task approve ap-1

            """,
            _terminal.Out.Text);
    }

    [Fact]
    public async Task List_asks_for_what_the_flags_select_and_for_all_without_any()
    {
        List<ListTasksRequest> asked = [];
        await using FakeAgent agent = await ListerAsync(asked.Add);

        await RunAsync(agent, "list", "--template", "review", "--owner", "team-a", "--ticket", "T-1", "--subject", "alice", "--executable", "/bin/sh", "--label", "stage=build", "--label", "a=b=c", "--subtree", "aaaa");
        await RunAsync(agent, "list");
        await RunAsync(agent, "list", "--state", "revoked");

        TaskSelection all = asked[0].Selection;
        Assert.Equal(("review", "team-a", "T-1", "alice", "/bin/sh", "aaaa", false), (all.Template, all.Owner, all.Ticket, all.Subject, all.Executable, all.Subtree, all.All));
        Assert.Equal(("build", "b=c"), (all.Labels["stage"], all.Labels["a"]));
        Assert.Equal((true, false), (asked[1].Selection.All, asked[1].IncludeEnded));
        Assert.True(asked[2].IncludeEnded);
        Assert.EndsWith("no such tasks\n", _terminal.Out.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_shows_only_the_states_that_are_asked_for()
    {
        TaskSummary pending = TaskSamples.Summary(TaskSamples.Other);
        pending.State = TaskState.PendingApproval;
        await using FakeAgent agent = await ListerAsync(_ => { }, pending, TaskSamples.Summary());

        await RunAsync(agent, "list", "--state", "pending", "--output", "json");

        using JsonDocument json = JsonDocument.Parse(_terminal.Out.Text);
        Assert.Equal(TaskSamples.Other, Assert.Single(json.RootElement.GetProperty("tasks").EnumerateArray()).GetProperty("task_id").GetString());
    }

    [Fact]
    public async Task List_in_json_has_every_field()
    {
        await using FakeAgent agent = await ListerAsync(_ => { }, TaskSamples.Summary());

        Assert.Equal(ExitCodes.Done, await RunAsync(agent, "list", "--output", "json"));

        using JsonDocument json = JsonDocument.Parse(_terminal.Out.Text);
        JsonElement task = json.RootElement.GetProperty("tasks")[0];
        Assert.Equal(
            ["task_id", "spiffe_id", "template", "owner", "state", "cause", "goal", "ticket", "parent_task_id", "correlation_id", "depth", "generation", "started_at", "lease_until", "deadline", "ended_at",
                "last_used_at", "bound_to", "process_id", "user_id", "subject", "live_credentials", "uses", "refusals", "automatic", "offboarding", "approval", "labels"],
            task.EnumerateObject().Select(p => p.Name));
        Assert.Equal(("active", "2026-03-04T12:05:00Z", "build"), (task.GetProperty("state").GetString(), task.GetProperty("lease_until").GetString(), task.GetProperty("labels").GetProperty("stage").GetString()));
        Assert.Equal(JsonValueKind.Null, task.GetProperty("offboarding").ValueKind); // It lives.
    }

    [Fact]
    public async Task List_in_json_says_what_remains_of_a_task_that_is_over()
    {
        TaskSummary over = TaskSamples.Summary();
        over.Offboarding = Spiffe.Agent.Protocols.Tasks.OffboardingOutcome.ResidueFound;
        await using FakeAgent agent = await ListerAsync(_ => { }, over);

        Assert.Equal(ExitCodes.Done, await RunAsync(agent, "list", "--output", "json"));

        using JsonDocument json = JsonDocument.Parse(_terminal.Out.Text);
        Assert.Equal("residue_found", json.RootElement.GetProperty("tasks")[0].GetProperty("offboarding").GetString());
    }

    [Fact]
    public async Task Watch_draws_the_page_anew_until_it_is_stopped()
    {
        int asked = 0;
        await using FakeAgent agent = await FakeAgent.StartAsync(TaskSamples.Admin().ServerStreaming<ListTasksRequest, TaskSummary>("ListTasks", ListTasksRequest.Parser, (_, stream, _) =>
        {
            TaskSummary task = TaskSamples.Summary();
            task.Uses = Interlocked.Increment(ref asked);
            return stream.WriteAsync(task);
        }));
        using CancellationTokenSource byHand = new();
        _terminal.IsStyled = true;
        Task<int> watch = _terminal.RunAsync(["task", "list", "--watch", "--admin-socket", agent.Uri], byHand.Token);

        await _terminal.Out.WaitUntilAsync(t => t.Contains("2, 1 refused", StringComparison.Ordinal));
        await byHand.CancelAsync();

        Assert.Equal(ExitCodes.Done, await watch);
        Assert.StartsWith("\e[H\e[J", _terminal.Out.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_circle_of_parents_shows_every_task_once()
    {
        TaskSummary one = TaskSamples.Summary(), two = TaskSamples.Summary(TaskSamples.Other);
        (one.ParentTaskId, two.ParentTaskId) = (two.TaskId, one.TaskId);
        await using FakeAgent agent = await ListerAsync(_ => { }, one, two);

        await RunAsync(agent, "list");

        Assert.Contains("aaaaaaaa  ", _terminal.Out.Text, StringComparison.Ordinal);
        Assert.Single(_terminal.Out.Text.Split('\n'), line => line.Contains("zzzzzzzz  ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Show_tells_rights_used_and_unused_credentials_and_what_happened()
    {
        await using FakeAgent agent = await ShowerAsync();

        Assert.Equal(ExitCodes.Done, await RunAsync(agent, "show", "aaaaaaaab"));

        Assert.Equal(
            """
            task aaaaaaaabbbbbbbbccccccccca  active
              SPIFFE ID     spiffe://example.org/agent/review/task/aaaaaaaabbbbbbbbccccccccca
              template      review
              owner         team-a
              subject       https://ci.example alice
              goal          read the change and say what is wrong with it\u{1b}[2J
              ticket        T-1
              labels        stage=build
              bound to      process 4711
              user          1001
              started       5 minutes ago (2026-03-04 11:55:00 UTC)
              last used     1 minute ago (2026-03-04 11:59:00 UTC)
              lease until   in 5 minutes (2026-03-04 12:05:00 UTC)
              deadline      in 2 hours (2026-03-04 14:00:00 UTC)
              so far        3 uses, 1 refusal, 2 live credentials, generation 1
              executable    /usr/bin/review
              comes from    user alice
              subtasks      aaaaaaaaxxxxxxxxyyyyyyyyya
              intent        sha256 abc
              decision      d-1
              policy        sha256:def
              decided by    allow-review

            rights  1 used, 1 unused
              USED  LEFT         RIGHT
              3     not counted  repo: read at https://repo.example/x
              0     1            ticket: write; constraints {"max":1}
              not granted   not json \u{1b}: above the ceiling

            live credentials
              KIND  EXPIRES       GENERATION  ID
              x509  in 4 minutes  1           0a1b

            what happened
              WHEN           WHAT     STATE   DETAIL
              5 minutes ago  started  active  request

            offboarding  completed: done
              revoked       1 credential that had not expired
                            0a1b
              ended with it aaaaaaaaxxxxxxxxyyyyyyyyya

            """,
            _terminal.Out.Text);
    }

    [Fact]
    public async Task Show_in_json_holds_grants_as_json_and_what_is_none_as_text()
    {
        await using FakeAgent agent = await ShowerAsync();

        await RunAsync(agent, "show", "aaaaaaaab", "--output", "json");

        using JsonDocument json = JsonDocument.Parse(_terminal.Out.Text);
        JsonElement root = json.RootElement;
        Assert.Equal("repo", root.GetProperty("rights")[0].GetProperty("detail").GetProperty("type").GetString());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("rights")[0].GetProperty("remaining").ValueKind);
        Assert.Equal("not json \e", root.GetProperty("dropped")[0].GetProperty("detail").GetString());
        Assert.Equal(("started", "0a1b", "completed"), (root.GetProperty("events")[0].GetProperty("kind").GetString(), root.GetProperty("credentials")[0].GetProperty("id").GetString(), root.GetProperty("receipt").GetProperty("state").GetString()));
    }

    [Fact]
    public async Task Show_of_a_task_that_is_not_there_is_bad_input()
    {
        await using FakeAgent agent = await FakeAgent.StartAsync(TaskSamples.Admin().Unary<GetTaskRequest, TaskDetail>(
            "GetTask", GetTaskRequest.Parser, (_, _) => throw new RpcException(new Spiffe.Agent.Rpc.Status(StatusCode.NotFound, "no task, or several, begin so"))));

        Assert.Equal(ExitCodes.BadInput, await RunAsync(agent, "show", "a"));
        Assert.Equal("spiffe-agent: admin socket: not found: no task, or several, begin so: list them: spiffe-agent task list --ended\n", _terminal.Error.Text);
    }

    [Fact]
    public async Task Standing_access_is_shown_with_its_reason_and_its_end()
    {
        await using FakeAgent agent = await FakeAgent.StartAsync(TaskSamples.Admin().Unary<ListStandingAccessRequest, ListStandingAccessResponse>("ListStandingAccess", ListStandingAccessRequest.Parser, (_, _) => Task.FromResult(new ListStandingAccessResponse
        {
            Access = { new StandingAccess { Template = "legacy", SpiffeId = "spiffe://example.org/svc/legacy", Owner = "team-b", Reason = "cannot be changed", ReviewBy = TaskSamples.At(-60), IsOverdue = true, Selectors = { "unix:uid:7" } } },
        })));

        await RunAsync(agent, "standing");
        Assert.Equal(
            """
            spiffe://example.org/svc/legacy  stopped: its review date has passed
              template      legacy
              owner         team-b
              reason        cannot be changed
              review by     1 hour ago (2026-03-04 11:00:00 UTC)
              selectors     unix:uid:7

            """,
            _terminal.Out.Text);
    }

    private Task<int> RunAsync(FakeAgent agent, params string[] args) => _terminal.RunAsync(["task", .. args, "--admin-socket", agent.Uri]);

    private static Task<FakeAgent> ListerAsync(System.Action<ListTasksRequest> asked, params TaskSummary[] tasks) => FakeAgent.StartAsync(
        TaskSamples.Admin().ServerStreaming<ListTasksRequest, TaskSummary>("ListTasks", ListTasksRequest.Parser, async (request, stream, _) =>
        {
            asked(request);
            foreach (TaskSummary task in tasks) await stream.WriteAsync(task);
        }));

    private static Task<FakeAgent> ShowerAsync()
    {
        TaskDetail detail = new()
        {
            Summary = TaskSamples.Summary(),
            Executable = "/usr/bin/review",
            IntentS256 = "abc",
            DecisionId = "d-1",
            PolicyDigest = "sha256:def",
            Chain = { "user alice" },
            Children = { TaskSamples.Child },
            DecidingPolicies = { "allow-review" },
            Rights =
            {
                new Right { Detail = """{"type":"repo","actions":["read"],"locations":["https://repo.example/x"]}""", Used = 3, Remaining = -1 },
                new Right { Detail = """{"type":"ticket","actions":["write"],"constraints":{"max":1}}""", Used = 0, Remaining = 1 },
            },
            Dropped = { new DroppedGrant { Detail = "not json \e", Reason = "above the ceiling" } },
            Credentials = { new LiveCredential { Kind = "x509", Id = "0a1b", ExpiresAt = TaskSamples.At(4), Generation = 1 } },
            Receipt = new OffboardingReceipt { TaskId = TaskSamples.Root, State = TaskState.Completed, Cause = "done", EndedAt = TaskSamples.At(0), RevokedCredentials = { "0a1b" }, EndedSubtasks = { TaskSamples.Child } },
        };
        return FakeAgent.StartAsync(TaskSamples.Admin()
            .Unary<GetTaskRequest, TaskDetail>("GetTask", GetTaskRequest.Parser, (_, _) => Task.FromResult(detail))
            .ServerStreaming<GetTaskRequest, TaskEvent>("ExplainTask", GetTaskRequest.Parser, (request, stream, _) =>
                stream.WriteAsync(new TaskEvent { Sequence = 1, At = TaskSamples.At(-5), Kind = "started", State = TaskState.Active, Detail = "request", TaskId = request.TaskId })));
    }
}
