using System.Globalization;
using Spiffe.Agent.Audit.Disk;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Store.Queueing;
using Spiffe.Agent.Audit.Tiles;

namespace Spiffe.Agent.Audit.Store.Publishing;

/// <summary>Removes old entries and bodies, whole bundles of them, once the log itself says so and that is published. Hash tiles stay. The publisher's thread's.</summary>
/// <param name="disk">The log's.</param>
/// <param name="keep">How long and how much.</param>
/// <param name="queue">Takes the record that says what is removed.</param>
/// <param name="time">Tells how old entries are, and when to look again.</param>
/// <param name="observer">Hears of what was removed.</param>
internal sealed class Retention(ILogDisk disk, AuditRetention keep, RecordQueue queue, TimeProvider time, Action<AuditStoreEvent> observer)
{
    /// <summary>How often it is looked at what is too old or too much. Ours.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private long _first = -1; // First bundle that is there; -1: not looked for.
    private long _bytes;
    private long _counted; // Bundles below it are in _bytes.
    private long _lookedAt;
    private long? _announced; // The bundle below which the log says that nothing is kept.
    private long _index = -1; // Of the entry that says so; -1: it is not safe. The writer's thread tells.

    /// <summary>Removes what can be, or writes down what will be.</summary>
    /// <exception cref="IOException">A bundle cannot be looked at or removed.</exception>
    public void Cut(long published)
    {
        if (keep.MaxAge is null && keep.MaxBytes is null) return;
        if (_announced is { } announced)
        {
            long index = Volatile.Read(ref _index);
            if (index < 0 || index >= published) return;
            Remove(announced);
            _announced = null;
        }

        if (_first >= 0 && time.GetElapsedTime(_lookedAt) < Pause) return;
        _lookedAt = time.GetTimestamp();
        Count(published);
        long below = Choose(published);
        if (below > _first) Announce(below);
    }

    private void Announce(long bundle)
    {
        long below = bundle * TilePath.Width;
        AuditRecord record = new(RecordTypes.LogCut, time.GetUtcNow(), new RecordFields().Add("below", below)) { IsOwed = true };
        Volatile.Write(ref _index, -1);
        if (queue.TryAdd(PendingRecord.Of(record, index => Volatile.Write(ref _index, index)), isOwed: true)) _announced = bundle;
    }

    private void Count(long published)
    {
        long full = TilePath.FullTiles(0, published);
        if (_first < 0)
        {
            _first = FindFirst(full);
            _counted = _first;
        }

        if (keep.MaxBytes is null) return;
        for (; _counted < full; _counted++) _bytes += LengthOf(_counted);
    }

    private long Choose(long published)
    {
        long most = (published - AuditRetention.MinEntries) / TilePath.Width; // Bundles that may go; of a negative number, none.
        long below = _first;
        long bytes = _bytes;
        for (; below < most && (bytes > keep.MaxBytes || IsTooOld(below)); below++)
        {
            if (keep.MaxBytes is not null) bytes -= LengthOf(below);
        }

        return below;
    }

    private bool IsTooOld(long bundle)
    {
        if (keep.MaxAge is not { } age) return false;
        IReadOnlyList<ReadOnlyMemory<byte>> entries = new TileReader(disk.Root, (bundle + 1) * TilePath.Width).Entries(bundle);
        return RecordEntry.TryRead(entries[^1], out RecordEntry? last, out _) && time.GetUtcNow() - last.At > age;
    }

    private void Remove(long below)
    {
        HashSet<string> folders = new(StringComparer.Ordinal);
        for (; _first < below; _first++)
        {
            if (keep.MaxBytes is not null) _bytes -= LengthOf(_first);
            foreach (string path in (string[])[TilePath.Entries(_first), TilePath.Bodies(_first)])
            {
                disk.Delete(path);
                folders.Add(Path.GetDirectoryName(path)!);
            }

            disk.DeleteDirectory(TilePath.Entries(_first) + ".p");
        }

        foreach (string folder in folders.Where(folder => Directory.Exists(Path.Combine(disk.Root, folder)))) disk.SyncDirectory(folder);
        observer(new AuditStoreEvent(AuditStoreEventKind.Cut, below * TilePath.Width, string.Create(CultureInfo.InvariantCulture, $"{_bytes} bytes are kept")));
    }

    // They go from the front, so those that are there are all behind those that are not.
    private long FindFirst(long full)
    {
        (long low, long high) = (0, full);
        while (low < high)
        {
            long middle = (low + high) / 2;
            if (File.Exists(Path.Combine(disk.Root, TilePath.Entries(middle)))) high = middle;
            else low = middle + 1;
        }

        return low;
    }

    private long LengthOf(long bundle)
    {
        FileInfo entries = new(Path.Combine(disk.Root, TilePath.Entries(bundle)));
        FileInfo bodies = new(Path.Combine(disk.Root, TilePath.Bodies(bundle)));
        return (entries.Exists ? entries.Length : 0) + (bodies.Exists ? bodies.Length : 0);
    }
}
