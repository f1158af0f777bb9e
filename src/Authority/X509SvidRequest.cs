using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Authority;

/// <summary>What an X.509-SVID is to say. Whether it may be signed was decided before this.</summary>
public sealed record X509SvidRequest
{
    /// <summary>The workload's SPIFFE ID; with a path (X509-SVID §3.1).</summary>
    public required SpiffeId Id { get; init; }

    /// <summary>DNS SANs, in order, each valid by <see cref="Identity.X509.DnsName"/>. The first is the common name too, where it fits into one.</summary>
    public IReadOnlyList<string> DnsNames { get; init; } = [];

    /// <summary>How long it should hold, at least one second; else the authority's default. It never outlives its issuer.</summary>
    public TimeSpan? Ttl { get; init; }
}
