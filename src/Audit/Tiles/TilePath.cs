using System.Globalization;
using System.Text;

namespace Spiffe.Agent.Audit.Tiles;

/// <summary>Where a log keeps what: paths beneath its directory, the same as beneath its URL. C2SP tlog-tiles, "APIs".</summary>
public static class TilePath
{
    /// <summary>Hashes in a full tile, and entries in a full bundle.</summary>
    public const int Width = 256;

    /// <summary>Levels of the tree that one tile spans: 2^8 = 256.</summary>
    public const int Height = 8;

    /// <summary>Highest level of a tile in a tree of fewer than 2^63 entries.</summary>
    public const int MaxLevel = 62 / Height;

    /// <summary>The signed head of the tree.</summary>
    public const string Checkpoint = "checkpoint";

    /// <summary>A tile of hashes.</summary>
    /// <param name="level">From 0, the leaves, to <see cref="MaxLevel"/>.</param>
    /// <param name="index">Which tile of that level.</param>
    /// <param name="width">How many hashes it has, from 1 to <see cref="Width"/>.</param>
    public static string Tile(int level, long index, int width = Width)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(level);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, MaxLevel);
        return string.Create(CultureInfo.InvariantCulture, $"tile/{level}/{Index(index)}{Partial(width)}");
    }

    /// <summary>A bundle of entries.</summary>
    /// <param name="index">Which one.</param>
    /// <param name="width">How many entries it has, from 1 to <see cref="Width"/>.</param>
    public static string Entries(long index, int width = Width) => $"tile/entries/{Index(index)}{Partial(width)}";

    /// <summary>Beneath the path of a full tile or bundle, that of a partial one; of the full width, the same.</summary>
    internal static string PartOf(string full, int width) => full + Partial(width);

    /// <summary>What commitments of one bundle's entries stand for: beside the log, not part of it.</summary>
    public static string Bodies(long index) => $"bodies/{Index(index)}";

    /// <summary>How wide the tile is at the right edge of a tree of that size; 0: there is none.</summary>
    public static int EdgeWidth(int level, long size) => (int)(size >> (Height * level) & (Width - 1));

    /// <summary>How many full tiles a tree of that size has on that level.</summary>
    public static long FullTiles(int level, long size) => size >> (Height * level) >> Height;

    // Three digits each, all but the last behind an x: 1234067 is x001/x234/067.
    private static string Index(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        StringBuilder path = new((index % 1_000).ToString("d3", CultureInfo.InvariantCulture));
        for (long rest = index / 1_000; rest > 0; rest /= 1_000) path.Insert(0, string.Create(CultureInfo.InvariantCulture, $"x{rest % 1_000:d3}/"));
        return path.ToString();
    }

    private static string Partial(int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, Width);
        return width == Width ? "" : string.Create(CultureInfo.InvariantCulture, $".p/{width}");
    }
}
