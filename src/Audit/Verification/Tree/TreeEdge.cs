using System.Collections.Immutable;
using System.Numerics;
using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Tiles;

namespace Spiffe.Agent.Audit.Verification.Tree;

/// <summary>Makes a tree that grows by entries of one that grew by bundles.</summary>
internal static class TreeEdge
{
    /// <param name="subtrees">Of the bundles, the largest first.</param>
    /// <param name="size">How many entries there are.</param>
    /// <param name="leaves">Hashes of the entries behind the last full bundle.</param>
    public static Frontier Of(ImmutableArray<TreeHash> subtrees, long size, TreeHash[] leaves)
    {
        long behind = size - (size % TilePath.Width);
        return new Frontier(size, (level, index) =>
        {
            if (level < TilePath.Height) return RootOf.Leaves(leaves.AsSpan((int)((index << level) - behind), 1 << level));
            return subtrees[BitOperations.PopCount((ulong)size >> (level + 1))]; // Before it, one for each higher bit.
        });
    }
}
