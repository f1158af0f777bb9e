using System.CommandLine;
using Spiffe.Agent.Cli.Connection;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Cli.Tasks.Connection;
using Spiffe.Agent.Protocols.Tasks;

namespace Spiffe.Agent.Cli.Tasks.Own;

/// <summary><c>task watch</c>: what happens to this process's task, until it has ended.</summary>
internal static class TaskWatch
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("watch", "As the task's process: print what happens to the task, until it has ended.");
        OwnTask own = OwnTask.AddTo(command);
        Option<long> after = new("--after") { Description = "Only what came after the event with this number", HelpName = "NUMBER" };
        after.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && (!long.TryParse(result.Tokens[0].Value, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out _))) result.AddError($"--after: {result.Tokens[0].Value}: write the number of an event, from 0 on");
        });
        command.Add(after);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            bool isJson = own.IsJson(parsed);
            long seen = parsed.GetValue(after);
            bool isOver = false;
            Endpoint endpoint = own.Endpoint(parsed, terminal);
            using TaskClient client = new(endpoint.Address);
            using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            void Show(TaskEvent happened)
            {
                terminal.Out.Write(isJson ? JsonText.Object(onOneLine: true, json => TaskJson.Write(json, happened)) : Line(happened, terminal.IsStyled));
                terminal.Out.Flush();
                seen = happened.Sequence;
                isOver = !TaskWords.IsLive(happened.State);
                if (isOver) ended.Cancel();
            }

            await endpoint.FollowAsync(token => client.WatchAsync(new WatchTaskRequest { TaskId = own.Id(parsed), After = seen }, token), Show, ended.Token);
            return ExitCodes.Done;
        });
        return command;
    }

    private static string Line(TaskEvent happened, bool isStyled)
    {
        string when = happened.At is { } at ? Moment.Of(at.ToDateTimeOffset()) : "";
        string[] parts = [when, happened.Kind, TaskWords.Plain(happened.State), happened.Detail];
        return new TextPage(isStyled).Raw(string.Join("  ", parts.Where(p => p.Length > 0))).ToString();
    }
}
