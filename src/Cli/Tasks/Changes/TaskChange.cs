using System.CommandLine;
using Spiffe.Agent.Cli.Options;
using Spiffe.Agent.Cli.Output;

namespace Spiffe.Agent.Cli.Tasks.Changes;

/// <summary><c>task suspend</c>, <c>resume</c>, <c>revoke</c>, <c>end</c>: one change of all tasks that are selected.</summary>
internal static class TaskChange
{
    public static Command Create(string name, string method, string description, bool needsReason, Terminal terminal)
    {
        Command command = new(name, description);
        AdminOptions options = AdminOptions.AddTo(command);
        TaskTarget target = TaskTarget.AddTo(command, needsReason);
        command.SetAction((parsed, cancellationToken) =>
            ChangedTasks.AskAsync(options, parsed, (client, token) => client.ChangeAsync(method, target.Read(parsed), token), terminal, cancellationToken));
        return command;
    }
}
