using System.Collections.Immutable;
using Spiffe.Agent.Audit.Merkle;

namespace Spiffe.Agent.Audit.Verification.Tree;

/// <summary>Roots over complete bundles and some entries behind them.</summary>
internal static class RootOf
{
    /// <param name="subtrees">Of the bundles, the largest first.</param>
    /// <param name="leaves">Hashes of the entries behind them.</param>
    public static TreeHash Tree(ImmutableArray<TreeHash> subtrees, ReadOnlySpan<TreeHash> leaves)
    {
        int next = subtrees.Length - 1;
        if (next < 0 && leaves.IsEmpty) return TreeHasher.Empty;
        TreeHash root = leaves.IsEmpty ? subtrees[next--] : Leaves(leaves);
        for (; next >= 0; next--) root = TreeHasher.Node(subtrees[next], root);
        return root;
    }

    /// <summary>The root over some entries alone; at least one.</summary>
    public static TreeHash Leaves(ReadOnlySpan<TreeHash> leaves)
    {
        if (leaves.Length == 1) return leaves[0];
        int split = (int)Subtree.SplitOf(leaves.Length);
        return TreeHasher.Node(Leaves(leaves[..split]), Leaves(leaves[split..]));
    }
}
