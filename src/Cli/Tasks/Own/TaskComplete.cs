using System.CommandLine;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Protocols.Tasks;

namespace Spiffe.Agent.Cli.Tasks.Own;

/// <summary><c>task complete</c>: the work is done.</summary>
internal static class TaskComplete
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("complete", "As the task's process: the work is done. Its credentials end here.");
        OwnTask own = OwnTask.AddTo(command);
        Option<string?> result = new("--result") { Description = "What came of it, for the record", HelpName = "TEXT" };
        command.Add(result);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            CompleteTaskRequest request = new() { TaskId = own.Id(parsed), Result = parsed.GetValue(result) ?? "" };
            OffboardingReceipt receipt = await own.AskAsync(parsed, (client, token) => client.CompleteAsync(request, token), terminal, cancellationToken);
            terminal.Out.Write(own.IsJson(parsed) ? TaskJson.Write(receipt) : ReceiptText.Write(receipt, terminal.IsStyled));
            return ExitCodes.Done;
        });
        return command;
    }
}
