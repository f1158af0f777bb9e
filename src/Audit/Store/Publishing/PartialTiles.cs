using Spiffe.Agent.Audit.Disk;
using Spiffe.Agent.Audit.Tiles;

namespace Spiffe.Agent.Audit.Store.Publishing;

/// <summary>Partial tiles whose full one is there: removed after a while, as somebody may still read by an older head. C2SP tlog-tiles, "Partial tiles".</summary>
/// <param name="disk">The log's.</param>
/// <param name="time">Tells how long.</param>
/// <param name="stay">How long they stay.</param>
internal sealed class PartialTiles(ILogDisk disk, TimeProvider time, TimeSpan stay)
{
    /// <summary>Most that wait to be removed; beyond it the oldest go at once. Ours.</summary>
    private const int MaxWaiting = 4_096;

    private readonly Queue<(string Path, long Since)> _waiting = [];

    /// <summary>Looks for those that an earlier run has left, near the end of each level.</summary>
    public void Find(long size)
    {
        for (int level = 0; level <= TilePath.MaxLevel; level++)
        {
            long tiles = TilePath.FullTiles(level, size);
            Find(TilePath.Tile(level, tiles));
            if (level == 0) Find(TilePath.Entries(tiles));
            if (tiles >= 1_000 && level == 0)
            {
                Find(TilePath.Tile(level, tiles - 1_000)); // The folder before.
                Find(TilePath.Entries(tiles - 1_000));
            }
        }
    }

    /// <summary>These became full.</summary>
    public void Add(IEnumerable<string> whole)
    {
        foreach (string path in whole)
        {
            if (Directory.Exists(Path.Combine(disk.Root, path + ".p"))) _waiting.Enqueue((path, time.GetTimestamp()));
        }
    }

    /// <summary>Removes those whose time has come, or all.</summary>
    /// <exception cref="IOException">One of them cannot be removed.</exception>
    public void Sweep(bool all)
    {
        while (_waiting.TryPeek(out (string Path, long Since) oldest) && (all || _waiting.Count > MaxWaiting || time.GetElapsedTime(oldest.Since) >= stay))
        {
            disk.DeleteDirectory(oldest.Path + ".p");
            _waiting.Dequeue();
        }
    }

    /// <summary>Removes the older states of the bundle at the edge, where there is no room for them.</summary>
    /// <exception cref="IOException">One of them cannot be removed.</exception>
    public void Thin(long size)
    {
        int width = TilePath.EdgeWidth(0, size);
        if (width == 0) return;
        string current = TilePath.Entries(TilePath.FullTiles(0, size), width);
        string folder = Path.GetDirectoryName(current)!;
        if (!File.Exists(Path.Combine(disk.Root, current))) return;
        foreach (string file in Directory.EnumerateFiles(Path.Combine(disk.Root, folder)).Select(path => $"{folder}/{Path.GetFileName(path)}").Where(path => path != current).ToList()) disk.Delete(file);
    }

    private void Find(string near)
    {
        string folder = Path.GetDirectoryName(near)!;
        if (!Directory.Exists(Path.Combine(disk.Root, folder))) return;
        IEnumerable<string> partial = Directory.EnumerateDirectories(Path.Combine(disk.Root, folder), "*.p").Select(path => $"{folder}/{Path.GetFileNameWithoutExtension(path)}");
        foreach (string path in partial.Where(path => File.Exists(Path.Combine(disk.Root, path)))) _waiting.Enqueue((path, time.GetTimestamp()));
    }
}
