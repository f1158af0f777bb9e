using System.CommandLine;
using System.Text;
using System.Text.Json;
using Spiffe.Agent.Cli.Connection;
using Spiffe.Agent.Cli.Options;
using Spiffe.Agent.Cli.Output;

namespace Spiffe.Agent.Cli.Inventory;

/// <summary><c>inventory</c>: who has which identity on this node, whose it is, what it may do and what of that it does not use. <c>inventory verify</c> needs no agent.</summary>
internal static class InventoryCommand
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("inventory", "Show who has which identity and which rights, used and unused, until when; signed by the log's key with --signed.");
        AdminOptions options = AdminOptions.AddTo(command);
        Option<string?> signed = new("--signed") { Description = "Have it signed, and write it into this file, for 'inventory verify'", HelpName = "FILE" };
        command.Add(signed);
        command.Add(InventoryVerify.Create(terminal));
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string? file = parsed.GetValue(signed);
            bool isJson = options.IsJson(parsed);
            Endpoint endpoint = options.Endpoint(parsed, terminal);
            using AdminClient client = new(endpoint.Address);
            (ReadOnlyMemory<byte> document, ReadOnlyMemory<byte> note) = await endpoint.AskAsync(token => client.InventoryAsync(sign: file is not null, token), cancellationToken);
            if (file is null) terminal.Out.Write(isJson ? Encoding.UTF8.GetString(document.Span) + "\n" : Text(document, terminal));
            else terminal.Out.Write(await SignedAsync(file, document, note, isJson, terminal, cancellationToken));
            return ExitCodes.Done;
        });
        return command;
    }

    private static string Text(ReadOnlyMemory<byte> document, Terminal terminal)
    {
        using JsonDocument inventory = JsonDocument.Parse(document);
        return InventoryText.Write(inventory.RootElement, terminal.Time.GetUtcNow(), terminal.IsStyled);
    }

    private static async Task<string> SignedAsync(string path, ReadOnlyMemory<byte> document, ReadOnlyMemory<byte> note, bool isJson, Terminal terminal, CancellationToken cancellationToken)
    {
        byte[] file = SignedInventory.ToFile(document.Span, note.Span);
        if (!SignedInventory.TryRead(file, out SignedInventory? signed, out string fault)) throw new FaultException(new Fault(ExitCodes.Failed, "the agent's answer", fault, ""));
        try
        {
            await File.WriteAllBytesAsync(path, file, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(new Fault(ExitCodes.CannotCreate, "--signed", path, e.Message));
        }

        return isJson ? StatementOutput.Json(signed.Statement, valid: null) : StatementOutput.Text("inventory signed", path, signed.Statement, terminal);
    }
}
