using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using Spiffe.Agent.Cli.Options;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Protocols.Tasks;

namespace Spiffe.Agent.Cli.Tasks.Own;

/// <summary><c>task renew</c>: attested and decided anew, the lease moves on; never past the deadline.</summary>
internal static class TaskRenew
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("renew", "As the task's process: move the end of its lease. Attested and decided anew; never past its deadline.");
        OwnTask own = OwnTask.AddTo(command);
        Option<TimeSpan?> lease = SpanOption.Create("--lease", "How long from now; the template's length unless said otherwise, and the answer may be shorter");
        command.Add(lease);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            RenewTaskRequest request = new() { TaskId = own.Id(parsed), Lease = parsed.GetValue(lease) is { } span ? Duration.FromTimeSpan(span) : null };
            TaskHandle handle = await own.AskAsync(parsed, (client, token) => client.RenewAsync(request, token), terminal, cancellationToken);
            terminal.Out.Write(own.IsJson(parsed) ? TaskJson.Write(handle) : HandleText.Write(handle, terminal.Time.GetUtcNow(), terminal.IsStyled));
            return ExitCodes.Done;
        });
        return command;
    }
}
