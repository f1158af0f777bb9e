using System.Collections.Immutable;

namespace Spiffe.Agent.Audit.Notes;

/// <summary>What came of verifying a note.</summary>
/// <param name="Signatures">Of known keys, each key once; empty when the note is refused.</param>
/// <param name="Fault">Why it is refused; empty when it is not.</param>
public sealed record NoteVerdict(ImmutableArray<VerifiedSignature> Signatures, string Fault)
{
    /// <summary>At least one known key signed it, and no signature of a known key is wrong.</summary>
    public bool Accepted => Fault.Length == 0;

    internal static NoteVerdict Refused(string fault) => new([], fault);
}
