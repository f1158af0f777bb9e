using System.CommandLine;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Protocols.Tasks;

namespace Spiffe.Agent.Cli.Tasks.Own;

/// <summary><c>task authorize</c>: may the task take this step? Its token is printed only when asked for, and then nothing else.</summary>
internal static class TaskAuthorize
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("authorize", "As the task's process: ask before a privileged step. Prints the decision; with --token, the token for it and nothing else.");
        OwnTask own = OwnTask.AddTo(command);
        ActionOptions action = ActionOptions.AddTo(command);
        Option<string?> approval = new("--approval") { Description = "The approval of an earlier try of the same action", HelpName = "ID" };
        Option<bool> token = new("--token") { Description = "Print the token of a permitted action to standard output: one audience, one use, a minute at most" };
        command.Add(approval);
        command.Add(token);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            AuthorizeActionRequest request = new() { TaskId = own.Id(parsed), Action = action.Read(parsed), ApprovalId = parsed.GetValue(approval) ?? "" };
            ActionDecision decision = await own.AskAsync(parsed, (client, cancel) => client.AuthorizeAsync(request, cancel), terminal, cancellationToken);
            bool withToken = parsed.GetValue(token);
            DateTimeOffset now = terminal.Time.GetUtcNow();
            if (own.IsJson(parsed)) terminal.Out.Write(DecisionOutput.Json(decision, withToken));
            else if (!withToken) terminal.Out.Write(DecisionOutput.Text(decision, now, terminal.IsStyled));
            else if (decision.ActionToken.Length > 0) terminal.Out.WriteLine(SafeText.Of(decision.ActionToken));
            else terminal.Error.Write(DecisionOutput.Text(decision, now, isStyled: false));
            if (decision.Outcome != ActionDecision.Types.Outcome.Permit) return ExitCodes.PermissionDenied;
            return withToken && decision.ActionToken.Length == 0 ? ExitCodes.Failed : ExitCodes.Done;
        });
        return command;
    }
}
