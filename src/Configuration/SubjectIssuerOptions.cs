using System.Collections.Immutable;
using Spiffe.Agent.Identity.Jwt;

namespace Spiffe.Agent.Configuration;

/// <summary>One of <c>tasks.subjects</c>: an OpenID provider or CI system whose signed assertions count.</summary>
public sealed class SubjectIssuerOptions
{
    /// <summary><c>issuer</c>: its <c>iss</c>, an https URL, compared as it is.</summary>
    public required string Issuer { get; init; }

    /// <summary><c>audience</c>: what its assertions must be for. The trust domain's SPIFFE ID by default.</summary>
    public required string Audience { get; init; }

    /// <summary>The keys of <c>jwks</c>, or what <c>jwks_file</c> held when the configuration was read. At least one.</summary>
    public required ImmutableArray<JwsPublicKey> Keys { get; init; }

    /// <summary><c>jwks_file</c>, to be read anew when it changes; null for <c>jwks</c>.</summary>
    public required KeySetFile? KeyFile { get; init; }

    /// <summary><c>algorithms</c>: what it may sign with. All nine of JWT-SVID §2.1 by default.</summary>
    public required ImmutableArray<JwsAlgorithm> Algorithms { get; init; }

    /// <summary><c>claims</c>: names of those that are kept besides <c>iss</c> and <c>sub</c>. None by default, at most 32.</summary>
    public required ImmutableArray<string> Claims { get; init; }

    /// <summary><c>leeway</c>: by how much its clock and ours may differ. 0s to 5m, 30s by default.</summary>
    public required TimeSpan Leeway { get; init; }

    /// <summary><c>max_age</c>: how long after <c>iat</c> an assertion is taken. 1m to 1d, 1h by default.</summary>
    public required TimeSpan MaxAge { get; init; }
}
