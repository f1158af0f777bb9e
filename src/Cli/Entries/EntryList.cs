using System.CommandLine;
using Spiffe.Agent.Cli.Connection;
using Spiffe.Agent.Cli.Options;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Protocols.Admin;

namespace Spiffe.Agent.Cli.Entries;

/// <summary><c>entry list</c>: what counts now, in its order.</summary>
internal static class EntryList
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("list", "List the entries that count now, wherever they were written.");
        AdminOptions options = AdminOptions.AddTo(command);
        Option<string?> id = new("--id") { Description = "Only those that grant this id, as it is written in them", HelpName = "ID" };
        Option<string[]> selectors = new("--selector") { Description = "Only those that ask for this selector; repeat it for several", HelpName = "TYPE:KEY:VALUE" };
        Option<string?> origin = new("--origin") { Description = "Only those of this origin: file, admin or dev", HelpName = "ORIGIN" };
        origin.AcceptOnlyFromAmong("file", "admin", "dev");
        Option<bool> secrets = EntryOptions.ShowSecrets();
        command.Add(id);
        command.Add(selectors);
        command.Add(origin);
        command.Add(secrets);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            ListEntriesRequest request = new() { Id = parsed.GetValue(id) ?? "", OriginKind = parsed.GetValue(origin) ?? "", ShowSecrets = parsed.GetValue(secrets) };
            request.Selectors.AddRange(parsed.GetValue(selectors) ?? []);
            bool isWhole = request.Id.Length == 0 && request.OriginKind.Length == 0 && request.Selectors.Count == 0;
            Endpoint endpoint = options.Endpoint(parsed, terminal);
            using AdminClient client = new(endpoint.Address);
            return await new EntryRefusals(endpoint, null, terminal).AskAsync(
                token => client.ListAsync(request, token),
                entries =>
                {
                    terminal.Out.Write(options.IsJson(parsed) ? EntryJson.Write(entries) : EntryText.Write(entries, isWhole, terminal.IsStyled));
                    return ExitCodes.Done;
                },
                cancellationToken);
        });
        return command;
    }
}
