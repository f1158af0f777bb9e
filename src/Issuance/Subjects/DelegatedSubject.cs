using System.Collections.Immutable;

namespace Spiffe.Agent.Issuance.Subjects;

/// <summary>On whose behalf: what is left of an assertion that was verified. The assertion itself is nowhere in it, and cannot be made from it.</summary>
public sealed record DelegatedSubject
{
    /// <summary><c>iss</c>: who vouches.</summary>
    public required string Issuer { get; init; }

    /// <summary><c>sub</c>: for whom, in that issuer's words. Unique together with <see cref="Issuer"/> only.</summary>
    public required string Subject { get; init; }

    /// <summary>The claims that the operator said to keep, as far as the assertion had them.</summary>
    public required ImmutableSortedDictionary<string, SubjectClaim> Claims { get; init; }

    /// <summary><c>iat</c>.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>Which assertion it was: what is remembered so that it is not taken twice.</summary>
    public required SpentAssertion Spent { get; init; }
}
