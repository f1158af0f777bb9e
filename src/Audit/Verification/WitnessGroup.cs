using System.Collections.Immutable;
using Spiffe.Agent.Audit.Notes;

namespace Spiffe.Agent.Audit.Verification;

/// <summary>Of some witnesses and groups, how many must have cosigned. A single witness is a group of one, with a key and no members.</summary>
/// <param name="Key">Of a witness.</param>
/// <param name="Members">Of a group.</param>
/// <param name="Threshold">How many of them.</param>
internal sealed record WitnessGroup(NoteVerifierKey? Key, ImmutableArray<WitnessGroup> Members, int Threshold)
{
    /// <summary>Recursion goes no deeper than there are groups: a group names only what stands above it.</summary>
    public bool HasCosigned(NoteVerdict verdict) => Key is not null
        ? verdict.Signatures.Any(signature => signature.Key == Key)
        : Members.Count(member => member.HasCosigned(verdict)) >= Threshold;
}
