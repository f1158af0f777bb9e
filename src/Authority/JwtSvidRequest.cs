using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Authority;

/// <summary>What a JWT-SVID is to say. Whether it may be signed was decided before this.</summary>
public sealed record JwtSvidRequest
{
    /// <summary>The workload's SPIFFE ID; with a path.</summary>
    public required SpiffeId Id { get; init; }

    /// <summary>Whom the token is for: at least one value, none empty (JWT-SVID §3.2). Written as an array in any case, as SPIRE does; repeats once.</summary>
    public required IReadOnlyList<string> Audience { get; init; }

    /// <summary>How long it should hold, at least one second; else the authority's default. It never outlives its key.</summary>
    public TimeSpan? Ttl { get; init; }

    /// <summary>Claims besides the registered ones, in order.</summary>
    public IReadOnlyList<ExtraClaim> Claims { get; init; } = [];
}
