using System.CommandLine;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Protocols.Tasks;

namespace Spiffe.Agent.Cli.Tasks.Own;

/// <summary><c>task fail</c>: the work cannot be done.</summary>
internal static class TaskFail
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("fail", "As the task's process: the work cannot be done. Its credentials end here.");
        OwnTask own = OwnTask.AddTo(command);
        Option<string?> reason = new("--reason") { Description = "Why, for the record", HelpName = "TEXT" };
        command.Add(reason);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            FailTaskRequest request = new() { TaskId = own.Id(parsed), Reason = parsed.GetValue(reason) ?? "" };
            OffboardingReceipt receipt = await own.AskAsync(parsed, (client, token) => client.FailAsync(request, token), terminal, cancellationToken);
            terminal.Out.Write(own.IsJson(parsed) ? TaskJson.Write(receipt) : ReceiptText.Write(receipt, terminal.IsStyled));
            return ExitCodes.Done;
        });
        return command;
    }
}
