using System.CommandLine;
using Spiffe.Agent.Cli.Connection;
using Spiffe.Agent.Cli.Options;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Protocols.Workload;

namespace Spiffe.Agent.Cli.Fetch;

/// <summary><c>fetch jwt</c>: JWT-SVIDs. The token is what was asked for, so it is printed.</summary>
internal static class FetchJwt
{
    /// <summary>Shortest wait before the next token. Ours: a token that has expired already must not become a storm.</summary>
    private static readonly TimeSpan ShortestLife = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait before the next token, for tokens that do not say when they expire. Ours.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    public static Command Create(Terminal terminal)
    {
        Command command = new("jwt", "Fetch JWT-SVIDs: prints each token, then what it says.");
        WorkloadOptions options = WorkloadOptions.AddTo(command, OutputOption.TextOrJson());
        Option<string[]> audience = AudienceOption.AtLeastOne();
        Option<SpiffeId?> spiffeId = SpiffeIdOption.Create();
        Option<bool> watch = FetchCommand.WatchOption();
        command.Add(audience);
        command.Add(spiffeId);
        command.Add(watch);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Endpoint endpoint = options.Endpoint(parsed, terminal);
            using WorkloadClient client = new(endpoint.Address);
            JWTSVIDRequest request = new() { SpiffeId = parsed.GetValue(spiffeId)?.ToString() ?? "" };
            request.Audience.AddRange(parsed.GetRequiredValue(audience));
            bool follows = parsed.GetValue(watch);
            void Show(JWTSVIDResponse response)
            {
                IReadOnlyList<TokenIdentity> identities = TokenIdentity.Read(response, endpoint.Address);
                bool isJson = options.Output(parsed) == OutputFormat.Json;
                terminal.Out.Write(isJson ? TokenIdentities.Json(identities, follows) : TokenIdentities.Text(identities, terminal.Time.GetUtcNow(), terminal.IsStyled));
                terminal.Out.Flush();
            }

            if (follows) await endpoint.FollowAsync(token => RenewAsync(client, endpoint, request, terminal.Time, token), Show, cancellationToken);
            else Show(await endpoint.AskAsync(token => client.JwtSvidsAsync(request, token), cancellationToken));
            return ExitCodes.Done;
        });
        return command;
    }

    // JWT-SVIDs have no stream: asks again when half of the life that is left is over.
    private static async IAsyncEnumerable<JWTSVIDResponse> RenewAsync(
        WorkloadClient client,
        Endpoint endpoint,
        JWTSVIDRequest request,
        TimeProvider time,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            JWTSVIDResponse response = await client.JwtSvidsAsync(request, cancellationToken);
            yield return response;
            DateTimeOffset? expiry = TokenIdentity.Read(response, endpoint.Address).Min(i => i.Token.ExpiresAt);
            TimeSpan half = expiry is { } at ? (at - time.GetUtcNow()) / 2 : LongestWait;
            await Task.Delay(half < ShortestLife ? ShortestLife : half > LongestWait ? LongestWait : half, time, cancellationToken);
        }
    }
}
