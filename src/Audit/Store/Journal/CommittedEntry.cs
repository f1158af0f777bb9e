using Spiffe.Agent.Audit.Merkle;

namespace Spiffe.Agent.Audit.Store.Journal;

/// <summary>Where in a frame an entry and its body lie, and the hash of the entry as a leaf.</summary>
/// <param name="Start">Of the entry.</param>
/// <param name="Length">Of the entry.</param>
/// <param name="BodyStart">Of salt and text.</param>
/// <param name="BodyLength">Of salt and text; 0: there is none.</param>
/// <param name="Leaf">The hash.</param>
internal readonly record struct CommittedEntry(int Start, int Length, int BodyStart, int BodyLength, TreeHash Leaf);
