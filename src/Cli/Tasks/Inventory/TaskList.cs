using System.CommandLine;
using System.Runtime.CompilerServices;
using Spiffe.Agent.Cli.Connection;
using Spiffe.Agent.Cli.Fetch;
using Spiffe.Agent.Cli.Options;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Cli.Tasks.Changes;
using Spiffe.Agent.Cli.Tasks.Connection;
using Spiffe.Agent.Protocols.Admin;

namespace Spiffe.Agent.Cli.Tasks.Inventory;

/// <summary><c>task list</c>: what lives now, whose it is, what it hangs on and how long it lasts. With <c>--watch</c> the page is drawn anew.</summary>
internal static class TaskList
{
    /// <summary>How often <c>--watch</c> asks. Ours: often enough for people, no load for the agent.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private static readonly string[] States = ["pending", "active", "suspended", "completed", "failed", "expired", "revoked", "denied"];

    public static Command Create(Terminal terminal)
    {
        Command command = new("list", "List tasks that live now: subtasks beneath the task that they came from.");
        AdminOptions options = AdminOptions.AddTo(command);
        SelectionOptions selection = SelectionOptions.AddTo(command);
        Option<string[]> states = new("--state") { Description = $"Only those in this state: {string.Join(", ", States)}; repeat it for several", HelpName = "STATE" };
        states.AcceptOnlyFromAmong(States);
        Option<bool> ended = new("--ended") { Description = "Ended tasks that the agent still remembers, too" };
        Option<bool> watch = FetchCommand.WatchOption();
        command.Add(states);
        command.Add(ended);
        command.Add(watch);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string[] wanted = parsed.GetValue(states) ?? [];
            ListTasksRequest request = new() { Selection = selection.Read(parsed), IncludeEnded = parsed.GetValue(ended) || wanted.Any(s => s is not ("pending" or "active" or "suspended")) };
            request.Selection.All = !selection.AreWritten(parsed.CommandResult);
            bool isJson = options.IsJson(parsed);
            bool follows = parsed.GetValue(watch);
            bool redraws = follows && terminal.IsStyled && !isJson;
            Endpoint endpoint = options.Endpoint(parsed, terminal);
            using TaskAdminClient client = new(endpoint.Address);
            void Show(TaskListing listing)
            {
                terminal.Out.Write(isJson ? SummaryJson.Write(listing.Tasks, follows) : (redraws ? "\e[H\e[J" : "") + ListText.Write(listing.Tasks, terminal.Time.GetUtcNow(), terminal.IsStyled));
                terminal.Out.Flush();
            }

            async Task<TaskListing> AskAsync(CancellationToken token) => TaskListing.Of(await client.ListAsync(request, token), wanted, isAlwaysNew: redraws);
            if (follows) await endpoint.FollowAsync(token => RepeatAsync(AskAsync, terminal.Time, token), Show, cancellationToken);
            else Show(await endpoint.AskAsync(AskAsync, ChangedTasks.Remedy, cancellationToken));
            return ExitCodes.Done;
        });
        return command;
    }

    private static async IAsyncEnumerable<TaskListing> RepeatAsync(Func<CancellationToken, Task<TaskListing>> ask, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            yield return await ask(cancellationToken);
            await Task.Delay(Interval, time, cancellationToken);
        }
    }
}
