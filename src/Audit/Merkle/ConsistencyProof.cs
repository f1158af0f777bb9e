using System.Numerics;

namespace Spiffe.Agent.Audit.Merkle;

/// <summary>Shows that a tree begins with all that an older one held, in the same order: nothing was changed, dropped or put in between. RFC 6962 §2.1.2.</summary>
public static class ConsistencyProof
{
    /// <summary>The proof between two sizes of one tree; empty when the older is empty or both are the same.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The older size is negative or beyond the newer.</exception>
    public static IReadOnlyList<TreeHash> Of(long older, long newer, NodeAt nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        ArgumentOutOfRangeException.ThrowIfNegative(older);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(older, newer);
        List<TreeHash> path = [];
        if (older == 0 || older == newer) return path;
        long start = 0;
        long end = newer;
        while (older != end)
        {
            long split = start + Subtree.SplitOf(end - start);
            if (older <= split)
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

        // Whoever checks it knows the older root: where the older tree is that one subtree, it is not repeated.
        if (start != 0) path.Add(Subtree.Hash(start, end, nodes));
        path.Reverse();
        return path;
    }

    /// <summary>Whether the proof leads to both roots, and nothing of it is left over. RFC 9162 §2.1.4.2.</summary>
    public static bool Verify(long older, TreeHash olderRoot, long newer, TreeHash newerRoot, IReadOnlyList<TreeHash> path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (older < 0 || older > newer) return false;
        if (older == 0) return path.Count == 0 && olderRoot == TreeHasher.Empty && (newer != 0 || newerRoot == TreeHasher.Empty);
        if (older == newer) return path.Count == 0 && olderRoot == newerRoot;
        int next = 0;
        if (!BitOperations.IsPow2(older) && path.Count == 0) return false;
        TreeHash olderHash = BitOperations.IsPow2(older) ? olderRoot : path[next++];
        TreeHash newerHash = olderHash;
        long node = older - 1;
        long last = newer - 1;
        while ((node & 1) == 1)
        {
            node >>= 1;
            last >>= 1;
        }

        for (; next < path.Count; next++)
        {
            if (last == 0) return false;
            if ((node & 1) == 1 || node == last)
            {
                olderHash = TreeHasher.Node(path[next], olderHash);
                newerHash = TreeHasher.Node(path[next], newerHash);
                while ((node & 1) == 0 && node != 0)
                {
                    node >>= 1;
                    last >>= 1;
                }
            }
            else
            {
                newerHash = TreeHasher.Node(newerHash, path[next]);
            }

            node >>= 1;
            last >>= 1;
        }

        return last == 0 && olderHash == olderRoot && newerHash == newerRoot;
    }
}
