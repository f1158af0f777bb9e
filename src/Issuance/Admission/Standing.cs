using Spiffe.Agent.Attestation;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Issuance.Admission;

/// <summary>What the evidence says of a caller: what it holds, or why nothing may be said of it. Immutable.</summary>
/// <param name="Attested">The evidence; null when it is refused.</param>
/// <param name="Refusal"><see cref="Refusal.None"/> when there is evidence.</param>
/// <param name="Detail">For the log.</param>
internal sealed record Standing(AttestationResult.Attested? Attested, Refusal Refusal, string Detail)
{
    public SelectorSet Selectors => Attested?.Selectors ?? SelectorSet.Empty;

    /// <summary>Whether a stream need not look again when this takes the place of the other.</summary>
    public bool EarnsAsMuchAs(Standing other) => Refusal == other.Refusal && Selectors.Equals(other.Selectors);
}
