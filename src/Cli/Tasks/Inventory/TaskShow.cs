using System.CommandLine;
using Spiffe.Agent.Cli.Connection;
using Spiffe.Agent.Cli.Options;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Cli.Tasks.Changes;
using Spiffe.Agent.Cli.Tasks.Connection;
using Spiffe.Agent.Protocols.Admin;
using Spiffe.Agent.Protocols.Tasks;

namespace Spiffe.Agent.Cli.Tasks.Inventory;

/// <summary><c>task show ID</c>: all of one task: its rights and what became of them, its credentials, where it comes from, and what happened.</summary>
internal static class TaskShow
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("show", "Show one task: rights used and unused, live credentials, where it comes from, and what happened.");
        AdminOptions options = AdminOptions.AddTo(command);
        Argument<string> id = new("ID") { Description = "A task's id, or a unique beginning of it; see 'task list'" };
        command.Add(id);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            GetTaskRequest request = new() { TaskId = parsed.GetRequiredValue(id) };
            Endpoint endpoint = options.Endpoint(parsed, terminal);
            using TaskAdminClient client = new(endpoint.Address);
            (TaskDetail task, IReadOnlyList<TaskEvent> events) = await endpoint.AskAsync(
                async token =>
                {
                    TaskDetail task = await client.GetAsync(request, token);
                    return (task, await client.ExplainAsync(new GetTaskRequest { TaskId = task.Summary?.TaskId ?? request.TaskId }, token));
                },
                ChangedTasks.Remedy,
                cancellationToken);
            terminal.Out.Write(options.IsJson(parsed) ? DetailJson.Write(task, events) : DetailText.Write(task, events, terminal.Time.GetUtcNow(), terminal.IsStyled));
            return ExitCodes.Done;
        });
        return command;
    }
}
