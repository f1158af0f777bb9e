using System.CommandLine;
using Spiffe.Agent.Cli.Connection;
using Spiffe.Agent.Cli.Options;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Cli.Tasks.Connection;
using Spiffe.Agent.Cli.Tasks.Inventory;
using Spiffe.Agent.Protocols.Admin;
using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Cli.Tasks.Changes;

/// <summary><c>task approve</c> and <c>task deny</c>: a person's word on what a task asked for.</summary>
internal static class TaskApproval
{
    public static Command Create(
        string name, string description, Func<TaskAdminClient, ApprovalRequest, CancellationToken, Task<TaskSummary>> ask, Terminal terminal)
    {
        Command command = new(name, description);
        AdminOptions options = AdminOptions.AddTo(command);
        Argument<string> id = new("ID") { Description = "An approval's id, or that of a task which waits to start; see 'task list'" };
        Option<string?> reason = new("--reason") { Description = "Why, for the record", HelpName = "TEXT" };
        command.Add(id);
        command.Add(reason);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            ApprovalRequest request = new() { Id = parsed.GetRequiredValue(id), Reason = parsed.GetValue(reason) ?? "" };
            Endpoint endpoint = options.Endpoint(parsed, terminal);
            using TaskAdminClient client = new(endpoint.Address);
            TaskSummary task = await endpoint.AskAsync(token => ask(client, request, token), Remedy, cancellationToken);
            terminal.Out.Write(options.IsJson(parsed) ? SummaryJson.Write(task) : SummaryText.Write(task, terminal.Time.GetUtcNow(), terminal.IsStyled));
            return ExitCodes.Done;
        });
        return command;
    }

    private static string? Remedy(StatusCode code) => code switch
    {
        StatusCode.NotFound => "list what waits: spiffe-agent task list --state pending",
        StatusCode.PermissionDenied => "whoever asked for it cannot approve it: let another operator do so",
        StatusCode.FailedPrecondition => "what it was bound to has changed, or its time is over: the task must ask again",
        _ => ChangedTasks.Remedy(code),
    };
}
