using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Authority;

/// <summary>What a WIT-SVID is to say. Whether it may be signed was decided before this.</summary>
public sealed record WitSvidRequest
{
    /// <summary>The workload's SPIFFE ID; with a path.</summary>
    public required SpiffeId Id { get; init; }

    /// <summary>How long it should hold, at least one second; else the authority's default. It never outlives its key.</summary>
    public TimeSpan? Ttl { get; init; }

    /// <summary>Claims besides the registered ones, in order.</summary>
    public IReadOnlyList<ExtraClaim> Claims { get; init; } = [];
}
