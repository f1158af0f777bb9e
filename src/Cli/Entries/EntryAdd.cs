using System.CommandLine;
using Spiffe.Agent.Cli.Options;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Protocols.Admin;

namespace Spiffe.Agent.Cli.Entries;

/// <summary><c>entry add</c>: one entry by flags, or many from a file; all or none.</summary>
internal static class EntryAdd
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("add", "Add entries, all or none: one by flags, or those of a file. They count at once, on open streams too.");
        AdminOptions options = AdminOptions.AddTo(command);
        EntryFields fields = EntryFields.AddTo(command);
        Option<string?> file = new("--file", "-f") { Description = "YAML that holds 'entries:' as the configuration does; - reads standard input", HelpName = "FILE" };
        command.Add(file);
        command.Validators.Add(result =>
        {
            bool hasFields = fields.Written(result).Count > 0;
            if (result.GetValue(file) is null && !hasFields) result.AddError("write --id and --selector, or --file");
            if (result.GetValue(file) is not null && hasFields) result.AddError("--file takes no other fields: write them in the file");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            AddEntriesRequest request = new();
            string? document = parsed.GetValue(file);
            if (document is null) request.Entries.Add(fields.Read(parsed));
            else request.Document = await EntryDocument.ReadAsync(document, terminal, cancellationToken);
            return await EntryOptions.ChangeAsync(options, parsed, "added", document, (client, token) => client.AddAsync(request, token), terminal, cancellationToken);
        });
        return command;
    }
}
