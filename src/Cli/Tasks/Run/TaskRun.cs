using System.CommandLine;
using System.CommandLine.Parsing;
using Spiffe.Agent.Cli.Connection;
using Spiffe.Agent.Cli.Options;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Cli.Tasks.Connection;
using Spiffe.Agent.Protocols.Tasks;

namespace Spiffe.Agent.Cli.Tasks.Run;

/// <summary><c>task run … -- CMD</c>: wraps any program. The task is bound to the program's own process, which exists, held, before the task does, and runs only once it has begun.</summary>
internal static class TaskRun
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("run", "Run a program as a task: it has an identity while it runs, and no longer. Without a task it does not run.");
        WorkloadOptions options = WorkloadOptions.AddTo(command, OutputOption.TextOrJson());
        RunOptions task = RunOptions.AddTo(command);
        Option<bool> noWait = new("--no-wait") { Description = "Where people must agree first: end with 75 instead of waiting" };
        Option<bool> quiet = new("--quiet", "-q") { Description = "Say nothing but faults" };
        Argument<string[]> program = new("CMD") { Description = "The program and its arguments, behind --", Arity = ArgumentArity.OneOrMore };
        command.Add(noWait);
        command.Add(quiet);
        command.Add(program);
        command.Validators.Add(result => RefuseDamaged(result, program));
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string[] words = parsed.GetRequiredValue(program);
            if (ProgramLookup.Check(words[0], terminal.Environment("PATH")) is { } unusable) throw new FaultException(unusable);
            StartTaskRequest request = await task.ReadAsync(parsed, terminal, cancellationToken);
            Endpoint endpoint = options.Endpoint(parsed, terminal);
            RunRemarks remarks = new(terminal, parsed.GetValue(quiet), options.Output(parsed) == OutputFormat.Json);
            using TaskClient client = new(endpoint.Address);
            using HeldChild child = HeldChild.Start(words, EndpointOption.Workload.Variable, endpoint.Address.Text);
            using SignalRelay signals = new(child);
            request.Binding = new Binding { ChildProcessId = child.ProcessId };
            TaskHandle? begun = null;
            try
            {
                using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, signals.Stop);
                begun = await BeginAsync(new TaskStart(endpoint, client, request, new Backoff(terminal.Time)), remarks, !parsed.GetValue(noWait), stop.Token);
            }
            catch (OperationCanceledException) when (signals.StoppedBy != 0)
            {
                return new ChildEnd(IsSignal: true, signals.StoppedBy).ExitCode;
            }
            finally
            {
                if (begun is null) await child.DropAsync();
            }

            signals.Begin();
            child.Release();
            ChildEnd end = await child.Ended;
            await EndAsync(endpoint, client, begun.TaskId, end, remarks);
            return end.ExitCode;
        });
        return command;
    }

    private static async Task<TaskHandle> BeginAsync(TaskStart start, RunRemarks remarks, bool waits, CancellationToken cancellationToken)
    {
        TaskHandle task = await start.AskAsync(cancellationToken);
        if (task.State == TaskState.PendingApproval)
        {
            if (!waits) throw new FaultException(new Fault(
                TaskStart.NotApprovedYet, "task run: needs approval", task.Approval?.Question ?? "", "run it without --no-wait: it waits while another operator looks at it"));
            remarks.Waits(task);
            task = await start.ApprovedAsync(task, cancellationToken);
        }

        if (task.State != TaskState.Active) throw new FaultException(TaskStart.Refusal(task));
        remarks.Started(task);
        return task;
    }

    // The program is over, whatever the agent says to it: how the program ended is how we end.
    private static async Task EndAsync(Endpoint endpoint, TaskClient client, string taskId, ChildEnd end, RunRemarks remarks)
    {
        try
        {
            remarks.Ended(
                await endpoint.AskAsync(
                    token => end.IsGood
                        ? client.CompleteAsync(new CompleteTaskRequest { TaskId = taskId, Result = end.ToString() }, token)
                        : client.FailAsync(new FailTaskRequest { TaskId = taskId, Reason = end.ToString() }, token),
                    CancellationToken.None),
                end);
        }
        catch (FaultException e)
        {
            remarks.Unheard(taskId, e.Fault, end);
        }
    }

    // The runtime reads arguments as UTF-8 and puts a replacement in the place of what is none: that would be another command than the one that was asked for.
    private static void RefuseDamaged(CommandResult result, Argument<string[]> program)
    {
        string[] words = result.GetValue(program) ?? [];
        int damaged = Array.FindIndex(words, w => w.Contains('\uFFFD', StringComparison.Ordinal));
        if (damaged >= 0) result.AddError($"CMD: argument {damaged} is not UTF-8: pass it another way, such as by a file");
    }
}
