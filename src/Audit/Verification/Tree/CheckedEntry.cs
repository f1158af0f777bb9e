using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Verification.Bodies;

namespace Spiffe.Agent.Audit.Verification.Tree;

/// <summary>One entry of a bundle: where it is, what it hashes to, what it says of itself.</summary>
internal struct CheckedEntry
{
    /// <summary>Where in the bundle's bytes.</summary>
    public int Offset;

    public int Length;

    /// <summary>As the next one names it.</summary>
    public TreeHash Hash;

    /// <summary>Means something only where <see cref="IsEntry"/>.</summary>
    public EntryEnvelope Envelope;

    /// <summary>Whether it is canonical and has an envelope.</summary>
    public bool IsEntry;

    public BodyState Body;

    /// <summary>Where it is <see cref="BodyState.Open"/>.</summary>
    public string? BodyText;
}
