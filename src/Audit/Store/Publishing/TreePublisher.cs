using System.Buffers;
using Spiffe.Agent.Audit.Disk;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Store.Journal;
using Spiffe.Agent.Audit.Store.Keys;
using Spiffe.Agent.Audit.Tiles;

namespace Spiffe.Agent.Audit.Store.Publishing;

/// <summary>Puts groups of entries into tiles, bundles and bodies, all of it safe on the disk, and then signs and publishes the head. One thread's.</summary>
/// <param name="disk">The log's.</param>
/// <param name="keys">The log's.</param>
/// <param name="size">How many entries are published.</param>
internal sealed class TreePublisher(ILogDisk disk, LogKeys keys, long size)
{
    private readonly StagedFiles _bodyFiles = new(disk);
    private readonly BodyStore _bodies = new(disk);
    private readonly ArrayBufferWriter<byte> _added = new(); // Bodies of one bundle; cleared behind each.
    private TileWriter? _tiles;

    /// <summary>How many entries are published.</summary>
    public long Size { get; private set; } = size;

    /// <returns>The head that is published.</returns>
    /// <exception cref="IOException">Something cannot be written; what is published stays what it was, or is already the new head.</exception>
    /// <exception cref="TileException">The tiles that are there are damaged.</exception>
    public SignedNote Publish(IReadOnlyList<CommittedGroup> groups)
    {
        try
        {
            _tiles ??= new TileWriter(disk, Size);
            foreach (CommittedGroup group in groups)
            {
                foreach (ref readonly CommittedEntry entry in group.Entries) _tiles.Append(group.EntryOf(entry), entry.Leaf);
            }

            if (_tiles.Root != JournalFrame.RootOf(groups[^1].Frame)) throw new TileException("tile", "do not lead to the root that the journal has");
            PublishBodies(groups);
            _tiles.PublishTiles();
            SignedNote head = keys.Sign(new Checkpoint(keys.Origin, _tiles.Size, _tiles.Root).ToText());
            StagedFiles.Replace(disk, TilePath.Checkpoint, head.ToArray());
            Size = _tiles.Size;
            return head;
        }
        catch
        {
            _bodyFiles.Clear();
            _tiles?.Abandon();
            _tiles = null;
            throw;
        }
    }

    /// <summary>Tiles and bundles that became full: partial ones of theirs can go.</summary>
    public IReadOnlyList<string> TakeWhole() => _tiles?.TakeWhole() ?? [];

    private void PublishBodies(IReadOnlyList<CommittedGroup> groups)
    {
        _added.ResetWrittenCount();
        using DirectoryLock turn = _bodies.Turn();
        long bundle = -1;
        foreach (CommittedGroup group in groups)
        {
            long seq = group.First;
            foreach (ref readonly CommittedEntry entry in group.Entries)
            {
                if (seq / TilePath.Width != bundle)
                {
                    Stage(bundle);
                    bundle = seq / TilePath.Width;
                }

                if (entry.BodyLength > 0) BodyFrames.Append(_added, seq, group.BodyOf(entry));
                seq++;
            }
        }

        Stage(bundle);
        _bodyFiles.Publish();
    }

    private void Stage(long bundle)
    {
        if (_added.WrittenCount > 0) _bodies.Stage(_bodyFiles, bundle, Size, _added.WrittenSpan);
        _added.Clear();
    }
}
