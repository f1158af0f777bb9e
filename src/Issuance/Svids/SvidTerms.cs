using Spiffe.Agent.Authority;
using Spiffe.Agent.Issuance.Revocation;

namespace Spiffe.Agent.Issuance.Svids;

/// <summary>What one SVID may be, at the moment when it is signed.</summary>
/// <param name="Ttl">How long it may live; the authority's default when unset.</param>
/// <param name="Claims">What a token says besides.</param>
/// <param name="Status">The place in a status list that a token names; null: none.</param>
internal readonly record struct SvidTerms(TimeSpan? Ttl, IReadOnlyList<ExtraClaim> Claims, StatusIndex? Status);
