namespace Spiffe.Agent.Audit.Merkle;

/// <summary>Gives the hash of one complete subtree: that of the 2^<paramref name="level"/> entries from <paramref name="index"/> × 2^<paramref name="level"/> on.</summary>
/// <remarks>Asked only for subtrees that lie wholly within the size of the tree in question.</remarks>
public delegate TreeHash NodeAt(int level, long index);
