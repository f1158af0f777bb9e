using System.CommandLine;
using Spiffe.Agent.Cli.Connection;
using Spiffe.Agent.Cli.Options;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Protocols.Admin;

namespace Spiffe.Agent.Cli.Status;

/// <summary><c>status</c>: how the daemon is.</summary>
internal static class StatusCommand
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("status", "Show how the running agent is: sockets, signing keys, counts, protections.");
        AdminOptions options = AdminOptions.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Endpoint endpoint = options.Endpoint(parsed, terminal);
            using AdminClient client = new(endpoint.Address);
            GetStatusResponse status = await endpoint.AskAsync(client.StatusAsync, cancellationToken);
            terminal.Out.Write(options.IsJson(parsed) ? StatusJson.Write(status) : StatusText.Write(status, terminal.Time.GetUtcNow(), terminal.IsStyled));
            return ExitCodes.Done;
        });
        return command;
    }
}
