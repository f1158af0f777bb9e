namespace Spiffe.Agent.Authority.Revocation;

/// <summary>What a Status List Token is to say (OAuth Token Status List, draft-ietf-oauth-status-list §5.1).</summary>
public sealed record StatusListRequest
{
    /// <summary>Where the list is found: <c>sub</c>, equal to the <c>uri</c> in the tokens that refer to it.</summary>
    public required string Uri { get; init; }

    /// <summary>The states, two bits each, the first token's lowest (§4.1).</summary>
    public required ReadOnlyMemory<byte> Statuses { get; init; }

    /// <summary>How long whoever fetched it may keep it before it should look again; at least one second.</summary>
    public required TimeSpan TimeToLive { get; init; }

    /// <summary>How long it holds at all, at least <see cref="TimeToLive"/>. It never outlives its key.</summary>
    public required TimeSpan Lifetime { get; init; }
}
