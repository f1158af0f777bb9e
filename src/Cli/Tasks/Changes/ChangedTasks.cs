using System.CommandLine;
using Spiffe.Agent.Cli.Connection;
using Spiffe.Agent.Cli.Options;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Cli.Tasks.Connection;
using Spiffe.Agent.Protocols.Admin;
using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Cli.Tasks.Changes;

/// <summary>Asks for a change of tasks and says of each what became of it.</summary>
internal static class ChangedTasks
{
    /// <returns>Done when every selected task was changed; bad input when none is selected; failed when one could not be changed.</returns>
    /// <exception cref="FaultException">The change as a whole was refused.</exception>
    public static async Task<int> AskAsync(
        AdminOptions options, ParseResult parsed, Func<TaskAdminClient, CancellationToken, Task<TasksChanged>> ask, Terminal terminal, CancellationToken cancellationToken)
    {
        Endpoint endpoint = options.Endpoint(parsed, terminal);
        using TaskAdminClient client = new(endpoint.Address);
        TasksChanged changed = await endpoint.AskAsync(token => ask(client, token), Remedy, cancellationToken);
        terminal.Out.Write(options.IsJson(parsed) ? Json(changed) : Text(changed, terminal.IsStyled));
        if (changed.Outcomes.Count == 0) return ExitCodes.BadInput;
        return changed.Outcomes.All(o => o.Changed) ? ExitCodes.Done : ExitCodes.Failed;
    }

    public static string? Remedy(StatusCode code) => code switch
    {
        StatusCode.NotFound => "list them: spiffe-agent task list --ended",
        StatusCode.Unimplemented => "is that agent new enough, and does its configuration have templates?",
        _ => null,
    };

    private static string Text(TasksChanged changed, bool isStyled)
    {
        TextPage page = new(isStyled);
        if (changed.Outcomes.Count == 0) return page.Raw("no such tasks: nothing was changed").ToString();
        int length = TaskWords.ShortLength(changed.Outcomes.Select(o => o.TaskId));
        page.Table([["TASK", "CHANGED", "STATE", "DETAIL"], .. changed.Outcomes.Select(o =>
            (IReadOnlyList<string>)[TaskWords.Short(o.TaskId, length), o.Changed ? "yes" : "NO", TaskWords.Plain(o.State), o.Detail])]);
        int count = changed.Outcomes.Count(o => o.Changed);
        return page.Raw().Raw($"{count} of {Moment.Count(changed.Outcomes.Count, "task")} changed").ToString();
    }

    private static string Json(TasksChanged changed) => JsonText.Object(onOneLine: false, json => json.WriteObjects("outcomes", changed.Outcomes, (_, outcome) =>
    {
        json.WriteString("task_id", outcome.TaskId);
        json.WriteBoolean("changed", outcome.Changed);
        json.WriteString("state", TaskWords.Name(outcome.State));
        json.WriteString("detail", TaskJson.Known(outcome.Detail));
    }));
}
