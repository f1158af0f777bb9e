using System.CommandLine;
using Spiffe.Agent.Cli.Connection;
using Spiffe.Agent.Cli.Options;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Protocols.Workload;

namespace Spiffe.Agent.Cli.Fetch;

/// <summary><c>fetch x509</c>: X.509-SVIDs. The private key leaves only with <c>--output json</c> or <c>pem</c>, and only to standard output.</summary>
internal static class FetchX509
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("x509", "Fetch X.509-SVIDs: text shows them; json and pem contain the private keys.");
        WorkloadOptions options = WorkloadOptions.AddTo(command, OutputOption.WithPem());
        Option<SpiffeId?> spiffeId = SpiffeIdOption.Create();
        Option<bool> watch = FetchCommand.WatchOption();
        command.Add(spiffeId);
        command.Add(watch);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Endpoint endpoint = options.Endpoint(parsed, terminal);
            using WorkloadClient client = new(endpoint.Address);
            bool follows = parsed.GetValue(watch);
            void Show(X509SVIDResponse response)
            {
                X509Update update = X509Update.Read(response, endpoint.Address).Only(parsed.GetValue(spiffeId), endpoint.Address);
                terminal.Out.Write(options.Output(parsed) switch
                {
                    OutputFormat.Json => X509Json.Write(update, follows),
                    OutputFormat.Pem => X509Pem.Write(update.Identities[0]),
                    _ => X509Text.Write(update, terminal.Time.GetUtcNow(), terminal.IsStyled),
                });
                terminal.Out.Flush();
            }

            if (follows) await endpoint.FollowAsync(client.X509SvidsAsync, Show, cancellationToken);
            else Show(await endpoint.FirstAsync(client.X509SvidsAsync, cancellationToken));
            return ExitCodes.Done;
        });
        return command;
    }
}
