using Spiffe.Agent.Audit.Notes;

namespace Spiffe.Agent.Audit.Witnessing;

/// <summary>What a witness said to a checkpoint.</summary>
/// <param name="Outcome">In short.</param>
/// <param name="Cosignature">Its signature, verified; null unless it cosigned.</param>
/// <param name="KnownSize">The size of the last checkpoint that it cosigned, where it said so.</param>
/// <param name="Detail">For people: what went wrong.</param>
public sealed record WitnessAnswer(WitnessOutcome Outcome, NoteSignature? Cosignature, long KnownSize, string Detail)
{
    internal static WitnessAnswer Failed(WitnessOutcome outcome, string detail) => new(outcome, null, 0, detail);
}
