using Spiffe.Agent.Audit.Merkle;

namespace Spiffe.Agent.Audit.Tiles;

/// <summary>Reads the tree of one size from the files of a log. It proves nothing by itself: whoever reads checks against a verified root.</summary>
/// <remarks>Keeps the tiles that it read last, <see cref="CachedTiles"/> of them. Not safe from several threads.</remarks>
public sealed class TileReader
{
    /// <summary>Tiles that are kept, of 8 KiB each: a proof in the largest tree needs two for each of its levels. Ours.</summary>
    public const int CachedTiles = 32;

    private readonly string _directory;
    private readonly Dictionary<(int Level, long Index), byte[]> _cache = [];
    private readonly Queue<(int Level, long Index)> _order = [];

    /// <param name="directory">The log's.</param>
    /// <param name="size">How many entries the tree has, as a checkpoint says.</param>
    public TileReader(string directory, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        _directory = directory;
        Size = size;
    }

    public long Size { get; }

    /// <summary>The root that the tiles lead to.</summary>
    /// <exception cref="TileException">A tile is missing or has another size.</exception>
    public TreeHash Root => new Frontier(Size, Node).Root;

    /// <summary>A complete subtree's hash: from a tile where one holds it, from the hashes below it in one tile otherwise.</summary>
    /// <exception cref="TileException">The tile is missing or has another size.</exception>
    public TreeHash Node(int level, long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(level);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Size >> level);
        int tileLevel = level / TilePath.Height;
        int within = level % TilePath.Height;
        long first = index << within;
        ReadOnlySpan<byte> tile = Tile(tileLevel, first / TilePath.Width);
        return Fold(tile[(int)(first % TilePath.Width * TreeHash.Length)..], within);
    }

    /// <summary>The entries of one bundle: <see cref="TilePath.Width"/> of them, or what is left at the end of the tree.</summary>
    /// <exception cref="TileException">The bundle is missing, or holds not just so many entries.</exception>
    public IReadOnlyList<ReadOnlyMemory<byte>> Entries(long index)
    {
        int width = WidthOf(0, index);
        (byte[] bytes, string path) = Read(TilePath.Entries(index), width == TilePath.Width ? null : TilePath.Entries(index, width), EntryBundle.MaxLength);
        ReadOnlyMemory<byte> bundle = bytes;
        List<ReadOnlyMemory<byte>> entries = new(width);
        while (entries.Count < width && EntryBundle.TryTake(ref bundle, out ReadOnlyMemory<byte> entry)) entries.Add(entry);
        if (entries.Count < width) throw new TileException(path, $"holds {entries.Count} entries, not {width}");
        if (!bundle.IsEmpty && path == TilePath.Entries(index, width)) throw new TileException(path, $"holds more than {width} entries");
        return entries;
    }

    private byte[] Tile(int level, long index)
    {
        if (_cache.TryGetValue((level, index), out byte[]? tile)) return tile;
        int width = WidthOf(level, index);
        (tile, string path) = Read(TilePath.Tile(level, index), width == TilePath.Width ? null : TilePath.Tile(level, index, width), TilePath.Width * TreeHash.Length);
        int expected = path == TilePath.Tile(level, index) ? TilePath.Width : width;
        if (tile.Length != expected * TreeHash.Length) throw new TileException(path, $"has {tile.Length} bytes, not {expected * TreeHash.Length}");
        if (_order.Count == CachedTiles) _cache.Remove(_order.Dequeue());
        _order.Enqueue((level, index));
        _cache.Add((level, index), tile);
        return tile;
    }

    private int WidthOf(int level, long index)
    {
        if (index < TilePath.FullTiles(level, Size)) return TilePath.Width;
        int edge = index == TilePath.FullTiles(level, Size) ? TilePath.EdgeWidth(level, Size) : 0;
        return edge > 0 ? edge : throw new ArgumentOutOfRangeException(nameof(index));
    }

    // A partial tile may be gone once the full one is there; that one begins with the same hashes. In this order, as the writer removes it after.
    private (byte[] Bytes, string Path) Read(string full, string? partial, int most)
    {
        foreach (string path in partial is null ? [full] : new[] { partial, full })
        {
            try
            {
                using FileStream file = File.OpenRead(Path.Combine(_directory, path));
                if (file.Length > most) throw new TileException(path, $"has more than {most} bytes");
                byte[] bytes = new byte[file.Length];
                file.ReadExactly(bytes);
                return (bytes, path);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                continue;
            }
            catch (EndOfStreamException)
            {
                throw new TileException(path, "became shorter while it was read");
            }
        }

        throw new TileException(partial ?? full, "is missing");
    }

    private static TreeHash Fold(ReadOnlySpan<byte> hashes, int levels) => levels == 0
        ? new TreeHash(hashes[..TreeHash.Length])
        : TreeHasher.Node(Fold(hashes, levels - 1), Fold(hashes[((1 << (levels - 1)) * TreeHash.Length)..], levels - 1));
}
