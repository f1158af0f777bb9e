using System.Collections.Immutable;
using Spiffe.Agent.Identity.Jwt;

namespace Spiffe.Agent.Issuance.Subjects;

/// <summary>Somebody whose word for a subject counts: an OpenID provider, a CI system.</summary>
public sealed record SubjectIssuer
{
    /// <summary>Most claims that are kept. Ours.</summary>
    public const int MaxClaims = 32;

    /// <summary>Its <c>iss</c>, compared as it is.</summary>
    public required string Issuer { get; init; }

    /// <summary>What its assertions must be for, and for nothing else: this daemon's name there.</summary>
    public required string Audience { get; init; }

    /// <summary>The keys that it signs with.</summary>
    public required ImmutableArray<JwsPublicKey> Keys { get; init; }

    /// <summary>Asks whether the keys have changed since it was asked last: null where they have not. Called from one thread at a time, at most once a second. Null: they never change.</summary>
    public Func<SubjectKeyChange?>? Changes { get; init; }

    /// <summary>What it may sign with; which of them a key can be used with is the key's to say.</summary>
    public ImmutableArray<JwsAlgorithm> Algorithms { get; init; } = [.. Enum.GetValues<JwsAlgorithm>()];

    /// <summary>Names of the claims that are kept, besides <c>iss</c> and <c>sub</c>; at most <see cref="MaxClaims"/>.</summary>
    public ImmutableArray<string> Claims { get; init; } = [];

    /// <summary>By how much its clock and ours may differ.</summary>
    public TimeSpan Leeway { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long after <c>iat</c> an assertion is taken, however long it says that it lives.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromHours(1);
}
