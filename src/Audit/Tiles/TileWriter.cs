using System.Buffers;
using Spiffe.Agent.Audit.Merkle;

namespace Spiffe.Agent.Audit.Tiles;

/// <summary>Writes a growing tree as tiles and bundles of entries.</summary>
/// <remarks>
/// Full tiles are written as they fill, partial ones by <see cref="Publish"/>; afterwards a checkpoint of this size may be signed, and everything
/// that it needs is safe on the disk. Partial tiles go when the full one is there. Holds one bundle and one tile for each level in memory. One
/// writer for each directory, and not safe from several threads. After an exception it is of no more use: continue with a new one.
/// </remarks>
public sealed class TileWriter
{
    private readonly string _directory;
    private readonly Frontier _frontier;
    private readonly Edge[] _edges = new Edge[TilePath.MaxLevel + 1];
    private readonly ArrayBufferWriter<byte> _entries = new();

    /// <summary>Goes on with the tree of that size, which a checkpoint vouches for; what was written beyond it is overwritten as the tree grows.</summary>
    /// <param name="directory">The log's; it exists.</param>
    /// <param name="size">How many entries the tree has; 0: it is new.</param>
    /// <exception cref="TileException">The right edge of that tree is not there.</exception>
    public TileWriter(string directory, long size)
    {
        TileReader tree = new(directory, size);
        _directory = directory;
        _frontier = new Frontier(size, tree.Node);
        for (int level = 0; level < _edges.Length; level++) _edges[level] = Edge.Of(level, tree);
        if (_edges[0].Width == 0) return;
        foreach (ReadOnlyMemory<byte> entry in tree.Entries(_edges[0].Index)) EntryBundle.Append(_entries, entry.Span);
    }

    /// <summary>How many entries the tree has, published or not.</summary>
    public long Size => _frontier.Size;

    /// <summary>The root over all of them.</summary>
    public TreeHash Root => _frontier.Root;

    /// <summary>Adds an entry.</summary>
    /// <returns>Its index.</returns>
    /// <exception cref="ArgumentException">It is longer than <see cref="EntryBundle.MaxEntryLength"/>; nothing was added.</exception>
    /// <exception cref="IOException">A full tile cannot be written.</exception>
    public long Append(ReadOnlySpan<byte> entry)
    {
        long index = Size;
        EntryBundle.Append(_entries, entry);
        _frontier.Append(TreeHasher.Leaf(entry), Add);
        for (int level = 0; level < _edges.Length && _edges[level].IsFull; level++) Fill(level);
        return index;
    }

    /// <summary>Writes the partial tiles and the partial bundle at the right edge, where they grew.</summary>
    /// <exception cref="IOException">One of them cannot be written.</exception>
    public void Publish()
    {
        Edge leaves = _edges[0];
        if (leaves.Width > leaves.Published) LogFile.Write(_directory, TilePath.Entries(leaves.Index, leaves.Width), _entries.WrittenSpan);
        for (int level = 0; level < _edges.Length; level++)
        {
            Edge edge = _edges[level];
            if (edge.Width <= edge.Published) continue;
            LogFile.Write(_directory, TilePath.Tile(level, edge.Index, edge.Width), edge.Bytes);
            edge.Published = edge.Width;
        }
    }

    private void Add(int level, long index, TreeHash hash)
    {
        if (level % TilePath.Height == 0 && level / TilePath.Height < _edges.Length) _edges[level / TilePath.Height].Append(hash);
    }

    private void Fill(int level)
    {
        Edge edge = _edges[level];
        if (level == 0)
        {
            Replace(TilePath.Entries(edge.Index), _entries.WrittenSpan);
            _entries.ResetWrittenCount();
        }

        Replace(TilePath.Tile(level, edge.Index), edge.Bytes);
        edge.Next();
    }

    private void Replace(string path, ReadOnlySpan<byte> content)
    {
        LogFile.Write(_directory, path, content);
        string partial = Path.Combine(_directory, path + ".p");
        if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true);
    }
}
