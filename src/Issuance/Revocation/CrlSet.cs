using System.Collections.Immutable;
using Spiffe.Agent.Identity.X509;

namespace Spiffe.Agent.Issuance.Revocation;

/// <summary>The revocation lists of every CA key whose certificates may be alive, made in one moment; the active key's first. Immutable, compared by reference.</summary>
/// <remarks>When there is one list there is one for each key: who checks lists refuses a certificate whose issuer has none.</remarks>
public sealed record CrlSet(ImmutableArray<CertificateRevocationList> Lists)
{
    /// <summary>Nothing is revoked, and nothing is said.</summary>
    public static CrlSet None { get; } = new([]);

    /// <summary>Certificates in them.</summary>
    public int Revoked => Lists.Sum(list => list.Count);

    /// <summary>Their length, in bytes.</summary>
    public int Length => Lists.Sum(list => list.Der.Length);

    public bool Equals(CrlSet? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
