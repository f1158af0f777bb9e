using System.Collections.Immutable;

namespace Spiffe.Agent.Issuance.Subjects;

/// <summary>Whose assertions count.</summary>
public sealed class SubjectOptions
{
    /// <summary>Each with another <see cref="SubjectIssuer.Issuer"/>; none: no assertion is taken.</summary>
    public ImmutableArray<SubjectIssuer> Issuers { get; init; } = [];

    /// <summary>Assertions that are remembered of each issuer, so that none is taken twice; each until it is too old anyway. Ours: some 1.5 MiB; 4 a second at the default age.</summary>
    public int RememberedPerIssuer { get; init; } = 16_384;
}
