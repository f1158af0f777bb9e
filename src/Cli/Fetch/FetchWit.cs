using System.CommandLine;
using Spiffe.Agent.Cli.Connection;
using Spiffe.Agent.Cli.Options;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Protocols.Workload;

namespace Spiffe.Agent.Cli.Fetch;

/// <summary><c>fetch wit</c>: WIT-SVIDs. The private key leaves only with <c>--output json</c>.</summary>
internal static class FetchWit
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("wit", "Fetch WIT-SVIDs: text shows each token; json contains the private keys.");
        WorkloadOptions options = WorkloadOptions.AddTo(command, OutputOption.TextOrJson());
        Option<SpiffeId?> spiffeId = SpiffeIdOption.Create();
        Option<bool> watch = FetchCommand.WatchOption();
        command.Add(spiffeId);
        command.Add(watch);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Endpoint endpoint = options.Endpoint(parsed, terminal);
            using WorkloadClient client = new(endpoint.Address);
            WITSVIDRequest request = new() { SpiffeId = parsed.GetValue(spiffeId)?.ToString() ?? "" };
            bool follows = parsed.GetValue(watch);
            void Show(WITSVIDResponse response)
            {
                IReadOnlyList<TokenIdentity> identities = TokenIdentity.Read(response, endpoint.Address);
                bool isJson = options.Output(parsed) == OutputFormat.Json;
                terminal.Out.Write(isJson ? TokenIdentities.Json(identities, follows) : TokenIdentities.Text(identities, terminal.Time.GetUtcNow(), terminal.IsStyled));
                terminal.Out.Flush();
            }

            if (follows) await endpoint.FollowAsync(token => client.WitSvidsAsync(request, token), Show, cancellationToken);
            else Show(await endpoint.FirstAsync(token => client.WitSvidsAsync(request, token), cancellationToken));
            return ExitCodes.Done;
        });
        return command;
    }
}
