using System.Text.Json;
using Spiffe.Agent.Cli.Connection;
using Spiffe.Agent.Cli.Tokens;
using Spiffe.Agent.Protocols.Workload;

namespace Spiffe.Agent.Cli.Fetch;

/// <summary>One JWT-SVID or WIT-SVID as it was answered.</summary>
/// <param name="SpiffeId">As the answer names it.</param>
/// <param name="Hint">The operator's word on its use; empty when there is none.</param>
/// <param name="IsDefault">Whether it came first (Workload API §8).</param>
/// <param name="Text">The token: a secret.</param>
/// <param name="Token">What it says.</param>
/// <param name="PrivateKey">The key of a WIT-SVID as a JWK: a secret. Null for JWT-SVIDs.</param>
internal sealed record TokenIdentity(string SpiffeId, string Hint, bool IsDefault, string Text, TokenView Token, JsonElement? PrivateKey)
{
    /// <exception cref="FaultException">The answer is not what the Workload API promises (§6.2.1).</exception>
    public static IReadOnlyList<TokenIdentity> Read(JWTSVIDResponse response, EndpointAddress address) =>
        Read(response.Svids, address, (svid, isFirst) => new TokenIdentity(svid.SpiffeId, svid.Hint, isFirst, svid.Svid, TokenView.Read(svid.Svid), null));

    /// <exception cref="FaultException">The answer is not what the Workload API promises (§7.2.1).</exception>
    public static IReadOnlyList<TokenIdentity> Read(WITSVIDResponse response, EndpointAddress address) =>
        Read(response.Svids, address, (svid, isFirst) => new TokenIdentity(svid.SpiffeId, svid.Hint, isFirst, svid.WitSvid, TokenView.Read(svid.WitSvid), Key(svid.WitSvidKey)));

    public override string ToString() => $"token of {SpiffeId} [redacted]";

    private static TokenIdentity[] Read<T>(IReadOnlyList<T> svids, EndpointAddress address, Func<T, bool, TokenIdentity> read)
    {
        if (svids.Count == 0) throw new FaultException(CallFaults.Malformed("no SVID in it", address));
        try
        {
            return [.. svids.Select((svid, i) => read(svid, i == 0))];
        }
        catch (FormatException e)
        {
            throw new FaultException(CallFaults.Malformed(e.Message, address));
        }
    }

    private static JsonElement Key(string jwk)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(jwk);
            return json.RootElement.Clone();
        }
        catch (JsonException)
        {
            // Not as an inner exception: its message could quote the key.
            throw new FormatException("the private key is no JWK");
        }
    }
}
