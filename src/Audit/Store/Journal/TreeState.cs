using Spiffe.Agent.Audit.Merkle;

namespace Spiffe.Agent.Audit.Store.Journal;

/// <summary>What the next entry must know of the log: the edge of its tree, and the hash of the entry before.</summary>
/// <param name="Frontier">The edge; nobody appends to it, but to a copy.</param>
/// <param name="Previous">SHA-256 of the bytes of the last entry.</param>
internal sealed record TreeState(Frontier Frontier, TreeHash Previous)
{
    public long Size => Frontier.Size;
}
