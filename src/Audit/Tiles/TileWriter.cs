using System.Buffers;
using Spiffe.Agent.Audit.Disk;
using Spiffe.Agent.Audit.Merkle;

namespace Spiffe.Agent.Audit.Tiles;

/// <summary>Writes a growing tree as tiles and bundles of entries.</summary>
/// <remarks>
/// Nothing is in its place before <see cref="Publish"/>; afterwards a checkpoint of this size may be signed, and everything that it needs is safe
/// on the disk. Holds one bundle and one tile for each level in memory. One writer for each directory, and not safe from several threads. After an
/// exception it is of no more use: <see cref="Abandon"/> it and continue with a new one.
/// </remarks>
public sealed class TileWriter
{
    private readonly ILogDisk _disk;
    private readonly StagedFiles _files;
    private readonly Frontier _frontier;
    private readonly Edge[] _edges = new Edge[TilePath.MaxLevel + 1];
    private readonly ArrayBufferWriter<byte> _entries = new();
    private readonly List<string> _whole = []; // Tiles that became full since the last Publish.

    /// <summary>Goes on with the tree of that size, which a checkpoint vouches for; what was written beyond it is overwritten as the tree grows.</summary>
    /// <param name="directory">The log's; it exists.</param>
    /// <param name="size">How many entries the tree has; 0: it is new.</param>
    /// <exception cref="TileException">The right edge of that tree is not there.</exception>
    public TileWriter(string directory, long size)
        : this(new LogDisk(directory), size)
    {
    }

    internal TileWriter(ILogDisk disk, long size)
    {
        TileReader tree = new(disk.Root, size);
        _disk = disk;
        _files = new StagedFiles(disk);
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
    public long Append(ReadOnlySpan<byte> entry) => Append(entry, TreeHasher.Leaf(entry));

    /// <summary>Adds an entry whose hash is known.</summary>
    internal long Append(ReadOnlySpan<byte> entry, TreeHash leaf)
    {
        long index = Size;
        EntryBundle.Append(_entries, entry);
        _frontier.Append(leaf, Add);
        for (int level = 0; level < _edges.Length && _edges[level].IsFull; level++) Fill(level);
        return index;
    }

    /// <summary>Puts in their places the tiles that became full and the partial ones at the right edge that grew; partial ones of what is full are removed.</summary>
    /// <exception cref="IOException">One of them cannot be written.</exception>
    public void Publish()
    {
        PublishTiles();
        foreach (string path in TakeWhole()) _disk.DeleteDirectory(path + ".p");
    }

    /// <summary>As <see cref="Publish"/>, but partial tiles stay: readers of an older checkpoint may be about to ask for them.</summary>
    /// <exception cref="IOException">One of them cannot be written.</exception>
    internal void PublishTiles()
    {
        Edge leaves = _edges[0];
        if (leaves.Width > leaves.Published) _files.Add(TilePath.Entries(leaves.Index, leaves.Width), _entries.WrittenSpan);
        for (int level = 0; level < _edges.Length; level++)
        {
            Edge edge = _edges[level];
            if (edge.Width <= edge.Published) continue;
            _files.Add(TilePath.Tile(level, edge.Index, edge.Width), edge.Bytes);
            edge.Published = edge.Width;
        }

        _files.Publish();
    }

    /// <summary>The tiles that became full and are in their places: partial ones of theirs are not needed any more, once nobody asks for them.</summary>
    internal IReadOnlyList<string> TakeWhole()
    {
        string[] whole = [.. _whole];
        _whole.Clear();
        return whole;
    }

    /// <summary>Lets go of what was not published.</summary>
    internal void Abandon() => _files.Clear();

    private void Add(int level, long index, TreeHash hash)
    {
        if (level % TilePath.Height == 0 && level / TilePath.Height < _edges.Length) _edges[level / TilePath.Height].Append(hash);
    }

    private void Fill(int level)
    {
        Edge edge = _edges[level];
        if (level == 0)
        {
            Stage(TilePath.Entries(edge.Index), _entries.WrittenSpan);
            _entries.ResetWrittenCount();
        }

        Stage(TilePath.Tile(level, edge.Index), edge.Bytes);
        edge.Next();
    }

    private void Stage(string path, ReadOnlySpan<byte> content)
    {
        _files.Add(path, content);
        _whole.Add(path);
    }
}
