using System.Security.Cryptography;

namespace Spiffe.Agent.Audit.Merkle;

/// <summary>How leaves and nodes are hashed. The two prefixes keep a node from being passed off as a leaf. RFC 6962 §2.1.</summary>
public static class TreeHasher
{
    private const byte LeafPrefix = 0x00;
    private const byte NodePrefix = 0x01;

    /// <summary>Longest entry that is hashed without memory of its own, in bytes. Ours.</summary>
    private const int OnStack = 1_024;

    /// <summary>The root of the tree without entries: SHA-256 of nothing.</summary>
    public static TreeHash Empty { get; } = new(SHA256.HashData(ReadOnlySpan<byte>.Empty));

    /// <summary>The hash of one entry.</summary>
    public static TreeHash Leaf(ReadOnlySpan<byte> entry)
    {
        Span<byte> hash = stackalloc byte[TreeHash.Length];
        if (entry.Length < OnStack)
        {
            Span<byte> input = stackalloc byte[OnStack];
            input[0] = LeafPrefix;
            entry.CopyTo(input[1..]);
            SHA256.HashData(input[..(entry.Length + 1)], hash);
        }
        else
        {
            using IncrementalHash incremental = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            incremental.AppendData([LeafPrefix]);
            incremental.AppendData(entry);
            incremental.GetHashAndReset(hash);
        }

        return new TreeHash(hash);
    }

    /// <summary>The hash of two subtrees, the older one left.</summary>
    public static TreeHash Node(TreeHash left, TreeHash right)
    {
        Span<byte> input = stackalloc byte[1 + (2 * TreeHash.Length)];
        input[0] = NodePrefix;
        left.CopyTo(input[1..]);
        right.CopyTo(input[(1 + TreeHash.Length)..]);
        Span<byte> hash = stackalloc byte[TreeHash.Length];
        SHA256.HashData(input, hash);
        return new TreeHash(hash);
    }
}
