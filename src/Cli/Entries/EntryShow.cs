using System.CommandLine;
using Spiffe.Agent.Cli.Connection;
using Spiffe.Agent.Cli.Options;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Protocols.Admin;

namespace Spiffe.Agent.Cli.Entries;

/// <summary><c>entry show NAME</c>: all of one entry.</summary>
internal static class EntryShow
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("show", "Show one entry.");
        AdminOptions options = AdminOptions.AddTo(command);
        Argument<string> name = EntryOptions.Name();
        Option<bool> secrets = EntryOptions.ShowSecrets();
        command.Add(name);
        command.Add(secrets);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            GetEntryRequest request = new() { Name = parsed.GetValue(name), ShowSecrets = parsed.GetValue(secrets) };
            Endpoint endpoint = options.Endpoint(parsed, terminal);
            using AdminClient client = new(endpoint.Address);
            return await new EntryRefusals(endpoint, null, terminal).AskAsync(
                token => client.GetAsync(request, token),
                entry =>
                {
                    terminal.Out.Write(options.IsJson(parsed) ? EntryJson.Write(entry) : EntryText.Write(entry, terminal.IsStyled));
                    return ExitCodes.Done;
                },
                cancellationToken);
        });
        return command;
    }
}
