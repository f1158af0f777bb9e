using System.Numerics;

namespace Spiffe.Agent.Audit.Merkle;

/// <summary>The hash of a run of entries, put together from complete subtrees.</summary>
internal static class Subtree
{
    /// <summary>MTH(D[start:end]) where start is what splitting as the RFC does leads to. RFC 6962 §2.1.</summary>
    public static TreeHash Hash(long start, long end, NodeAt nodes)
    {
        long count = end - start;
        if (BitOperations.IsPow2(count))
        {
            int level = BitOperations.Log2((ulong)count);
            return nodes(level, start >> level);
        }

        long split = start + SplitOf(count);
        return TreeHasher.Node(Hash(start, split, nodes), Hash(split, end, nodes));
    }

    /// <summary>The largest power of two below the count, which is at least two.</summary>
    public static long SplitOf(long count) => 1L << BitOperations.Log2((ulong)(count - 1));
}
