using System.Collections.Immutable;
using System.Numerics;

namespace Spiffe.Agent.Audit.Merkle;

/// <summary>The right edge of a growing tree: one hash for each complete subtree, the largest first. It is all that appending and the root need.</summary>
/// <remarks>At most 63 hashes, whatever the size. Not safe from several threads.</remarks>
public sealed class Frontier
{
    private readonly List<TreeHash> _subtrees = [];

    /// <summary>Of an empty tree.</summary>
    public Frontier()
    {
    }

    /// <summary>Of the same tree: both then grow apart.</summary>
    public Frontier(Frontier other)
    {
        ArgumentNullException.ThrowIfNull(other);
        _subtrees = [.. other._subtrees];
        Size = other.Size;
    }

    /// <summary>Of a tree that exists: its subtrees are asked for.</summary>
    public Frontier(long size, NodeAt nodes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentNullException.ThrowIfNull(nodes);
        for (int level = 62; level >= 0; level--)
        {
            if ((size >> level & 1) == 1) _subtrees.Add(nodes(level, (size >> level) - 1));
        }

        Size = size;
    }

    /// <summary>How many entries there are.</summary>
    public long Size { get; private set; }

    /// <summary>One hash for each bit that is set in <see cref="Size"/>, the highest first.</summary>
    public ImmutableArray<TreeHash> Subtrees => [.. _subtrees];

    /// <summary>The root over all entries. RFC 6962 §2.1.</summary>
    public TreeHash Root
    {
        get
        {
            if (_subtrees.Count == 0) return TreeHasher.Empty;
            TreeHash root = _subtrees[^1];
            for (int i = _subtrees.Count - 2; i >= 0; i--) root = TreeHasher.Node(_subtrees[i], root);
            return root;
        }
    }

    /// <summary>Adds one entry by its hash.</summary>
    /// <param name="leaf">What <see cref="TreeHasher.Leaf"/> made of the entry.</param>
    /// <param name="completed">Hears of every subtree that this entry completes, itself first: level, index, hash.</param>
    public void Append(TreeHash leaf, Action<int, long, TreeHash>? completed = null)
    {
        long index = Size;
        TreeHash hash = leaf;
        int merges = BitOperations.TrailingZeroCount(~index);
        completed?.Invoke(0, index, hash);
        for (int level = 1; level <= merges; level++)
        {
            hash = TreeHasher.Node(_subtrees[^1], hash);
            _subtrees.RemoveAt(_subtrees.Count - 1);
            completed?.Invoke(level, index >> level, hash);
        }

        _subtrees.Add(hash);
        Size = index + 1;
    }
}
