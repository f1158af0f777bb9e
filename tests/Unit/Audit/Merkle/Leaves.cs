using System.Globalization;
using System.Text;
using Spiffe.Agent.Audit.Merkle;

namespace Spiffe.Agent.Tests.Unit.Audit.Merkle;

/// <summary>A tree that remembers all its nodes.</summary>
internal sealed class Leaves
{
    private readonly Dictionary<(int Level, long Index), TreeHash> _nodes = [];

    public Frontier Frontier { get; } = new();

    public TreeHash Node(int level, long index) => _nodes[(level, index)];

    /// <summary>The tree of the entries "0", "1", … "size-1".</summary>
    public static Leaves Numbered(int size)
    {
        Leaves leaves = new();
        for (int i = 0; i < size; i++) leaves.Append(Encoding.ASCII.GetBytes(i.ToString(CultureInfo.InvariantCulture)));
        return leaves;
    }

    public void Append(byte[] entry) => Frontier.Append(TreeHasher.Leaf(entry), (level, index, hash) => _nodes.Add((level, index), hash));
}
