namespace Spiffe.Agent.Audit.Merkle;

/// <summary>Shows that an entry is in a tree: the hashes beside the way from the leaf up to the root. RFC 6962 §2.1.1.</summary>
public static class InclusionProof
{
    /// <summary>The proof for one entry, the leaf's neighbour first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such entry in a tree of that size.</exception>
    public static IReadOnlyList<TreeHash> Of(long index, long size, NodeAt nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        List<TreeHash> path = [];
        long start = 0;
        long end = size;
        while (end - start > 1)
        {
            long split = start + Subtree.SplitOf(end - start);
            if (index < split)
            {
                path.Add(Subtree.Hash(split, end, nodes));
                end = split;
            }
            else
            {
                path.Add(Subtree.Hash(start, split, nodes));
                start = split;
            }
        }

        path.Reverse();
        return path;
    }

    /// <summary>Whether the proof leads from the entry to the root, and nothing of it is left over. RFC 9162 §2.1.3.2.</summary>
    public static bool Verify(TreeHash leaf, long index, long size, IReadOnlyList<TreeHash> path, TreeHash root)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (index < 0 || index >= size) return false;
        long node = index;
        long last = size - 1;
        TreeHash hash = leaf;
        foreach (TreeHash beside in path)
        {
            if (last == 0) return false;
            if ((node & 1) == 1 || node == last)
            {
                hash = TreeHasher.Node(beside, hash);
                while ((node & 1) == 0 && node != 0)
                {
                    node >>= 1;
                    last >>= 1;
                }
            }
            else
            {
                hash = TreeHasher.Node(hash, beside);
            }

            node >>= 1;
            last >>= 1;
        }

        return last == 0 && hash == root;
    }
}
