using System.Buffers;
using Spiffe.Agent.Audit.Merkle;

namespace Spiffe.Agent.Audit.Tiles;

/// <summary>The tile of one level that is still growing.</summary>
internal sealed class Edge
{
    private readonly ArrayBufferWriter<byte> _bytes = new(TilePath.Width * TreeHash.Length);

    /// <summary>Which tile of its level.</summary>
    public long Index { get; private set; }

    /// <summary>How many hashes it has, below <see cref="TilePath.Width"/>, except while <see cref="IsFull"/>.</summary>
    public int Width => _bytes.WrittenCount / TreeHash.Length;

    public bool IsFull => Width == TilePath.Width;

    /// <summary>How many of them were published.</summary>
    public int Published { get; set; }

    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    /// <summary>The edge of a tree that exists.</summary>
    public static Edge Of(int level, TileReader tree)
    {
        Edge edge = new() { Index = TilePath.FullTiles(level, tree.Size) };
        int width = TilePath.EdgeWidth(level, tree.Size);
        for (int i = 0; i < width; i++) edge.Append(tree.Node(level * TilePath.Height, (edge.Index * TilePath.Width) + i));
        edge.Published = width;
        return edge;
    }

    public void Append(TreeHash hash)
    {
        hash.CopyTo(_bytes.GetSpan(TreeHash.Length));
        _bytes.Advance(TreeHash.Length);
    }

    public void Next()
    {
        _bytes.ResetWrittenCount();
        Published = 0;
        Index++;
    }
}
