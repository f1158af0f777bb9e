using System.CommandLine;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Cli.Options;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Cli.Policies;

namespace Spiffe.Agent.Cli.Inventory;

/// <summary><c>inventory verify FILE --key K</c>, offline: whether a log's key signed just this inventory, and with <c>--show</c> what is in it.</summary>
internal static class InventoryVerify
{
    /// <summary>Longest file, in bytes. Ours: more than twice of what an agent writes.</summary>
    private const int MaxFile = 256 * 1024 * 1024;

    public static Command Create(Terminal terminal)
    {
        Command command = new("verify", "Verify a signed inventory without an agent: exit code 0 when it is what the log's key signed, 65 when it is not.");
        Argument<string> file = new("FILE") { Description = "What --signed wrote, or - for standard input" };
        Option<string[]> key = InventoryKeys.CreateOption();
        Option<bool> show = new("--show") { Description = "Show the inventory, too, once it is verified" };
        Option<OutputFormat> output = OutputOption.TextOrJson();
        command.Add(file);
        command.Add(key);
        command.Add(show);
        command.Add(output);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            bool isJson = parsed.GetValue(output) == OutputFormat.Json;
            IReadOnlyList<NoteVerifierKey> keys = await InventoryKeys.ReadAsync(parsed.GetRequiredValue(key), terminal, cancellationToken);
            InputText input = await InputText.ReadAsync(parsed.GetRequiredValue(file), MaxFile, terminal, cancellationToken);
            string fault = SignedInventory.TryRead(input.Bytes, out SignedInventory? signed, out string unreadable) ? signed.FaultOf(keys) : unreadable;
            if (fault.Length > 0)
            {
                if (isJson) terminal.Out.Write(StatementOutput.Json(fault));
                return new Fault(ExitCodes.BadInput, "not verified", input.Place, fault).Print(terminal.Error);
            }

            terminal.Out.Write(isJson ? StatementOutput.Json(signed!.Statement, valid: true) : StatementOutput.Text("inventory verified", input.Place, signed!.Statement, terminal));
            if (parsed.GetValue(show) && !isJson) terminal.Out.Write("\n" + InventoryText.Write(signed.Inventory, terminal.Time.GetUtcNow(), terminal.IsStyled));
            return ExitCodes.Done;
        });
        return command;
    }
}
