using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Spiffe.Agent.Protocols.Tasks;
using Spiffe.Agent.Rpc;
using RealDaemon = Spiffe.Agent.Tests.TestKit.Daemon.Daemon;
using Status = Spiffe.Agent.Rpc.Status;

namespace Spiffe.Agent.Tests.Integration.TaskRun;

/// <summary><c>task run</c> with real programs as children of the real executable.</summary>
public sealed class TaskRunTests : IAsyncLifetime
{
    private TaskAgent _agent = null!;

    private string Witness => Path.Combine(_agent.Folder, "ran");

    public async Task InitializeAsync() => _agent = await TaskAgent.StartAsync();

    public async Task DisposeAsync() => await _agent.DisposeAsync();

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 7", 7)]
    [InlineData("kill -9 $$", 137)]
    [InlineData("kill -15 $$", 143)]
    public async Task It_ends_as_the_program_ends_and_tells_the_agent(string script, int expected)
    {
        using AgentProgram run = AgentProgram.Run(_agent, ["--quiet"], ["sh", "-c", script]);

        (int exitCode, string output, string error) = await run.EndAsync();

        Assert.Equal((expected, "", ""), (exitCode, output, error));
        if (expected == 0) Assert.Equal(TaskAgent.TaskId, Assert.Single(_agent.Completed).TaskId);
        else Assert.Contains(expected > 128 ? $"signal {expected - 128}" : $"status {expected}", Assert.Single(_agent.Failed).Reason, StringComparison.Ordinal);
        Assert.Equal(1, _agent.Completed.Count + _agent.Failed.Count);
        Assert.All(_agent.Headers, header => Assert.Equal("true", header));
    }

    [Fact]
    public async Task Input_output_and_arguments_pass_through_as_they_are()
    {
        using AgentProgram run = AgentProgram.Run(_agent, ["--quiet"], ["sh", "-c", "cat; echo wrong >&2; for a; do echo \"[$a]\"; done", "sh", "a b", "", "--help", "--", "*", "$HOME", "ü"], input: "line 1\nline 2\n");

        (int exitCode, string output, string error) = await run.EndAsync();

        Assert.Equal(0, exitCode);
        Assert.Equal("line 1\nline 2\n[a b]\n[]\n[--help]\n[--]\n[*]\n[$HOME]\n[ü]\n", output);
        Assert.Equal("wrong\n", error);
    }

    [Fact]
    public async Task The_task_is_asked_for_while_the_child_exists_and_the_program_does_not_run_yet()
    {
        (int parent, string image, bool ran) seen = default;
        _agent.OnStart = (request, _) =>
        {
            int child = request.Binding.ChildProcessId;
            string status = File.ReadAllLines($"/proc/{child}/status").Single(line => line.StartsWith("PPid:", StringComparison.Ordinal));
            seen = (int.Parse(status[5..], CultureInfo.InvariantCulture), File.ResolveLinkTarget($"/proc/{child}/exe", false)!.Name, File.Exists(Witness));
            return Task.FromResult(TaskAgent.Active());
        };
        using AgentProgram run = AgentProgram.Run(_agent, ["--quiet"], ["sh", "-c", $"touch {Witness}; echo $$"]);

        (int exitCode, string output, _) = await run.EndAsync();

        Assert.Equal(0, exitCode);
        Assert.Equal((run.Id, "spiffe-agent", false), seen);
        Assert.True(File.Exists(Witness));
        // The process that the task is bound to is the one that the program became.
        Assert.Equal(output.Trim(), _agent.Started[0].Binding.ChildProcessId.ToString(CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData(StatusCode.PermissionDenied, 77)]
    [InlineData(StatusCode.InvalidArgument, 65)]
    [InlineData(StatusCode.ResourceExhausted, 69)]
    public async Task Without_a_task_the_program_never_runs(StatusCode status, int expected)
    {
        _agent.OnStart = (_, _) => throw new RpcException(new Status(status, "no, said the agent"));
        using AgentProgram run = AgentProgram.Run(_agent, [], ["touch", Witness]);

        (int exitCode, string output, string error) = await run.EndAsync();

        Assert.Equal((expected, ""), (exitCode, output));
        Assert.Contains("no, said the agent", error, StringComparison.Ordinal);
        await IsGoneAsync(_agent.Started[0].Binding.ChildProcessId);
        Assert.False(File.Exists(Witness));
    }

    [Fact]
    public async Task Without_an_agent_the_program_never_runs()
    {
        await _agent.StopAsync();
        using AgentProgram run = AgentProgram.Run(_agent, [], ["touch", Witness]);

        Assert.Equal(69, (await run.EndAsync()).ExitCode);
        Assert.False(File.Exists(Witness));
    }

    [Theory]
    [InlineData("no-such-program-anywhere", 127)]
    [InlineData("/no/such/file", 127)]
    [InlineData("/etc", 126)]
    [InlineData("./plain.txt", 126)]
    public async Task A_program_that_cannot_run_begins_no_task(string program, int expected)
    {
        if (program.StartsWith('.')) await File.WriteAllTextAsync(program = Path.Combine(_agent.Folder, "plain.txt"), "no program");
        using AgentProgram run = AgentProgram.Run(_agent, [], [program]);

        (int exitCode, _, string error) = await run.EndAsync();

        Assert.Equal(expected, exitCode);
        Assert.StartsWith($"spiffe-agent: task run: {program}: ", error, StringComparison.Ordinal);
        Assert.Empty(_agent.Started);
    }

    [Theory]
    [InlineData(1, "HUP")]
    [InlineData(2, "INT")]
    [InlineData(3, "QUIT")]
    [InlineData(10, "USR1")]
    [InlineData(12, "USR2")]
    [InlineData(15, "TERM")]
    public async Task Signals_reach_the_program_and_its_answer_is_the_end(int signal, string name)
    {
        using AgentProgram run = AgentProgram.Run(_agent, ["--quiet"], ["bash", "-c", $"trap 'echo heard; exit 3' {name}; echo ready; while :; do sleep 0.05; done"]);
        await run.SaysAsync("ready");
        run.Signal(signal);

        (int exitCode, string output, _) = await run.EndAsync();

        Assert.Equal((3, "ready\nheard\n"), (exitCode, output));
        Assert.Contains("status 3", Assert.Single(_agent.Failed).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_ignores_a_signal_is_waited_for_and_each_signal_passes_on()
    {
        using AgentProgram run = AgentProgram.Run(_agent, ["--quiet"], ["bash", "-c", "n=0; trap 'n=$((n+1)); echo heard $n; [ $n = 2 ] && exit 5' TERM; echo ready; while :; do sleep 0.05; done"]);
        await run.SaysAsync("ready");
        run.Signal(15);
        await run.SaysAsync("heard 1");
        run.Signal(15);

        Assert.Equal(5, (await run.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task A_signal_before_the_task_begins_ends_it_and_the_program_never_runs()
    {
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _agent.OnStart = async (_, context) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken);
            return TaskAgent.Active();
        };
        using AgentProgram run = AgentProgram.Run(_agent, [], ["touch", Witness]);
        await asked.Task.WaitAsync(RealDaemon.Patience);
        run.Signal(2);

        Assert.Equal(130, (await run.EndAsync()).ExitCode);
        await IsGoneAsync(_agent.Started[0].Binding.ChildProcessId);
        Assert.False(File.Exists(Witness));
    }

    [Fact]
    public async Task When_the_wrapper_is_killed_before_the_task_begins_the_program_never_runs()
    {
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _agent.OnStart = async (_, context) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken);
            return TaskAgent.Active();
        };
        using AgentProgram run = AgentProgram.Run(_agent, [], ["touch", Witness]);
        await asked.Task.WaitAsync(RealDaemon.Patience);
        run.Signal(9);

        Assert.Equal(137, (await run.EndAsync()).ExitCode);
        await IsGoneAsync(_agent.Started[0].Binding.ChildProcessId);
        Assert.False(File.Exists(Witness));
    }

    [Fact]
    public async Task Where_people_must_agree_it_waits_and_says_how()
    {
        TaskHandle pending = TaskAgent.Active();
        (pending.State, pending.Approval) = (TaskState.PendingApproval, new Approval { Id = "ap-1", Question = "may it?", ExpiresAt = Timestamp.FromDateTimeOffset(DateTimeOffset.MaxValue) });
        int asked = 0;
        _agent.OnStart = (_, _) => Task.FromResult(Interlocked.Increment(ref asked) == 1 ? pending : TaskAgent.Active());
        _agent.OnWatch = (stream, _) =>
        {
            Assert.False(File.Exists(Witness));
            return stream.WriteAsync(new TaskEvent { Sequence = 2, State = TaskState.Active, Kind = "approved" });
        };
        using AgentProgram run = AgentProgram.Run(_agent, [], ["touch", Witness]);

        (int exitCode, _, string error) = await run.EndAsync();

        Assert.Equal(0, exitCode);
        Assert.Contains("waits for approval: may it?", error, StringComparison.Ordinal);
        Assert.Contains("spiffe-agent task approve ap-1", error, StringComparison.Ordinal);
        Assert.True(File.Exists(Witness));
        Assert.Single(_agent.Started.Select(s => (s.IdempotencyKey, s.Binding.ChildProcessId)).Distinct());
    }

    [Theory]
    [InlineData(true, 75)]
    [InlineData(false, 77)]
    public async Task Without_agreement_the_program_never_runs(bool noWait, int expected)
    {
        TaskHandle pending = TaskAgent.Active();
        (pending.State, pending.Approval) = (TaskState.PendingApproval, new Approval { Id = "ap-1", Question = "may it?" });
        TaskHandle denied = TaskAgent.Active();
        (denied.State, denied.Cause) = (TaskState.Denied, "alice said no");
        int asked = 0;
        _agent.OnStart = (_, _) => Task.FromResult(Interlocked.Increment(ref asked) == 1 ? pending : denied);
        using AgentProgram run = AgentProgram.Run(_agent, noWait ? ["--no-wait"] : [], ["touch", Witness]);

        (int exitCode, _, string error) = await run.EndAsync();

        Assert.Equal(expected, exitCode);
        Assert.Contains(noWait ? "needs approval: may it?" : "denied: alice said no", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Witness));
    }

    [Fact]
    public async Task Within_a_task_the_program_is_a_subtask()
    {
        _agent.OnSpawn = _ => Task.FromResult(TaskAgent.Active());
        using AgentProgram run = AgentProgram.Run(_agent, ["--quiet"], ["true"]);

        Assert.Equal(0, (await run.EndAsync()).ExitCode);
        Assert.Empty(_agent.Started);
        Assert.Equal(("", "dev"), (_agent.Spawned[0].ParentTaskId, _agent.Spawned[0].Task.Template));
        Assert.NotEqual(0, _agent.Spawned[0].Task.Binding.ChildProcessId);
    }

    [Fact]
    public async Task An_agent_that_is_gone_at_the_end_changes_nothing_for_the_program()
    {
        using AgentProgram run = AgentProgram.Run(_agent, [], ["sh", "-c", "echo ready; read line; exit 4"], input: null);
        await run.SaysAsync("ready");
        await _agent.StopAsync();
        run.Signal(1); // sh dies of it.

        (int exitCode, _, string error) = await run.EndAsync();

        Assert.Equal(129, exitCode);
        Assert.Contains("ended by signal 1, but the agent did not hear of it", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_not_granted_is_said_and_all_of_it_as_json()
    {
        TaskHandle task = TaskAgent.Active();
        task.Dropped.Add(new DroppedGrant { Detail = """{"type":"ticket","actions":["write"]}""", Reason = "above the ceiling" });
        _agent.OnStart = (_, _) => Task.FromResult(task);
        using AgentProgram text = AgentProgram.Run(_agent, [], ["true"]);
        using AgentProgram json = AgentProgram.Run(_agent, ["--output", "json"], ["true"]);

        string said = (await text.EndAsync()).Error;
        string[] lines = (await json.EndAsync()).Error.TrimEnd('\n').Split('\n');

        Assert.Contains("not granted: ticket: write: above the ceiling\n", said, StringComparison.Ordinal);
        Assert.Contains("task abcdefghijklmnopqrstuvwxya completed: the program exited with status 0; 1 credential revoked\n", said, StringComparison.Ordinal);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("""{"remark":"started","task_id":"abcdefghijklmnopqrstuvwxya",""", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("""{"remark":"ended","task_id":"abcdefghijklmnopqrstuvwxya","state":"completed",""", lines[1], StringComparison.Ordinal);
    }

    private static async Task IsGoneAsync(int processId)
    {
        using CancellationTokenSource patience = new(RealDaemon.Patience);
        while (Directory.Exists($"/proc/{processId}")) await Task.Delay(20, patience.Token);
    }
}
