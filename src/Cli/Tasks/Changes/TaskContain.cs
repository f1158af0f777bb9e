using System.CommandLine;
using Spiffe.Agent.Cli.Options;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Protocols.Admin;

namespace Spiffe.Agent.Cli.Tasks.Changes;

/// <summary><c>task contain</c>: stops what runs, revokes what it holds, and records both, in one operation.</summary>
internal static class TaskContain
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("contain", "Freeze or kill the processes of tasks, revoke their credentials, and record it: one operation.");
        AdminOptions options = AdminOptions.AddTo(command);
        TaskTarget target = TaskTarget.AddTo(command, needsReason: true);
        Option<bool> kill = new("--kill") { Description = "End the processes" };
        Option<bool> freeze = new("--freeze") { Description = "Stop the processes and keep them, to look at" };
        command.Add(kill);
        command.Add(freeze);
        command.Validators.Add(result =>
        {
            if (result.GetValue(kill) == result.GetValue(freeze)) result.AddError("write --kill or --freeze, one of them");
        });
        command.SetAction((parsed, cancellationToken) =>
        {
            ContainRequest request = new() { Selection = target.Read(parsed), Means = parsed.GetValue(kill) ? ContainRequest.Types.Means.Kill : ContainRequest.Types.Means.Freeze };
            return ChangedTasks.AskAsync(options, parsed, (client, token) => client.ContainAsync(request, token), terminal, cancellationToken);
        });
        return command;
    }
}
