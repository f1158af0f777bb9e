using System.Globalization;
using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Records;

namespace Spiffe.Agent.Audit.Store.Journal;

/// <summary>Takes from the journal what was made safe and is not in tiles yet.</summary>
/// <remarks>
/// What was acknowledged was safe, so it is there: where it is not, or the tiles say otherwise, somebody changed it, and the log is not opened. What was
/// being written as the daemon died was never acknowledged and may be torn, or lie in a file that was given up; that is passed over, and counted.
/// </remarks>
internal sealed class Recovery
{
    private const string Remedy = "the log was changed or its disk lost what it had confirmed: keep it for `spiffe-agent audit verify`, find out why, and begin a new one elsewhere";

    private readonly string _directory;
    private readonly IReadOnlyList<NoteVerifierKey> _keys;
    private readonly List<CommittedGroup> _groups = [];
    private readonly FrameArena _arena = new(); // Goes with the groups.
    private readonly Func<long, TreeHash> _rootAt;
    private readonly long _published;
    private (long Size, TreeHash Root, string Place) _covered;
    private byte[] _last = []; // Signature of the last group that counts.

    private Recovery(string directory, IReadOnlyList<NoteVerifierKey> keys, TreeState published, Func<long, TreeHash> rootAt)
    {
        (_directory, _keys, Behind, _rootAt, _published) = (directory, keys, published, rootAt, published.Size);
    }

    /// <summary>The tree behind what was taken over.</summary>
    public TreeState Behind { get; private set; }

    /// <summary>What is to be published.</summary>
    public IReadOnlyList<CommittedGroup> Groups => _groups;

    /// <summary>The files of the journal.</summary>
    public IReadOnlyList<Segment> Segments { get; private set; } = [];

    /// <summary>Bytes that do not count.</summary>
    public long Torn { get; private set; }

    /// <param name="directory">The log's.</param>
    /// <param name="keys">That sign for the log, oldest first.</param>
    /// <param name="published">The tree that is published.</param>
    /// <param name="rootAt">Its roots at smaller sizes.</param>
    /// <exception cref="AuditStoreException">The journal contradicts the tiles or itself.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Recovery Run(string directory, IReadOnlyList<NoteVerifierKey> keys, TreeState published, Func<long, TreeHash> rootAt)
    {
        Recovery recovery = new(directory, keys, published, rootAt);
        try
        {
            recovery.Segments = Segment.All(directory);
        }
        catch (FormatException e)
        {
            throw new AuditStoreException(Path.Combine(directory, e.Message), "is no file of a journal", "move it elsewhere");
        }

        recovery.Read();
        return recovery;
    }

    private void Read()
    {
        long reached = _published;
        for (int i = 0; i < Segments.Count; i++)
        {
            Segment segment = Segments[i];
            if (segment.First > reached) throw Missing(reached, segment.First);
            long end = Read(segment, i + 1 < Segments.Count ? Segments[i + 1].First : long.MaxValue);
            reached = Math.Max(reached, end);
        }

        if (_covered.Size > 0 && _covered.Root != _rootAt(_covered.Size)) throw Contradiction(_covered.Place, string.Create(CultureInfo.InvariantCulture, $"its first {_covered.Size} entries are not those of the tiles"));
        if (_groups.Count == 0) return;
        byte[] statement = JournalFrame.Statement(_keys[^1].Name, Behind.Size, Behind.Frontier.Root);
        if (!_keys.Any(key => key.Verify(statement, _last, out _))) throw Contradiction(Segment.Folder, "its last group is not signed by a key of this log");
    }

    /// <summary>Reads one file as far as it counts: to the index at which the next begins.</summary>
    private long Read(Segment segment, long limit)
    {
        ReadOnlySpan<byte> rest = File.ReadAllBytes(Path.Combine(_directory, segment.Path));
        long at = segment.First;
        while (at < limit && JournalFrame.LengthOf(rest) is > 0 and int length)
        {
            ReadOnlySpan<byte> frame = rest[..length];
            long end = JournalFrame.FirstOf(frame) == at ? at + JournalFrame.CountOf(frame) : -1;
            if (end > limit) break; // Given up as it was written: the next file has it again.
            if (end <= at || JournalFrame.EntriesOf(frame) is not { } entries) throw Contradiction(segment.Path, string.Create(CultureInfo.InvariantCulture, $"no group of entries from {at} on"));
            Take(segment, frame, entries);
            at = end;
            rest = rest[length..];
        }

        // What is torn is the last that was written into the file. Whole groups behind it were acknowledged, and so was what is not whole now.
        if (at < limit && FindWhole(rest) >= 0) throw Contradiction(segment.Path, string.Create(CultureInfo.InvariantCulture, $"the entries from {at} on are damaged, and others follow"));
        Torn += rest.Length;
        return at;
    }

    private void Take(Segment segment, ReadOnlySpan<byte> frame, CommittedEntry[] entries)
    {
        long first = JournalFrame.FirstOf(frame);
        long end = first + entries.Length;
        if (end <= _published)
        {
            _covered = (end, JournalFrame.RootOf(frame), segment.Path);
            return;
        }

        if (first != Behind.Size) throw Contradiction(segment.Path, string.Create(CultureInfo.InvariantCulture, $"a group of entries from {first} on does not follow upon {Behind.Size} entries"));
        Frontier frontier = new(Behind.Frontier);
        foreach (CommittedEntry entry in entries) frontier.Append(entry.Leaf);
        if (frontier.Root != JournalFrame.RootOf(frame)) throw Contradiction(segment.Path, string.Create(CultureInfo.InvariantCulture, $"the entries from {first} on do not lead to the root that was signed"));
        FrameMemory memory = _arena.Rent(frame.Length);
        frame.CopyTo(memory.Span);
        CommittedGroup group = new(first, memory, entries);
        _groups.Add(group);
        Behind = new TreeState(frontier, RecordEntry.HashOf(group.EntryOf(entries[^1])));
        _last = JournalFrame.SignatureOf(frame).ToArray();
    }

    private static int FindWhole(ReadOnlySpan<byte> bytes)
    {
        for (int at = 0; at < bytes.Length; at++)
        {
            int next = bytes[at..].IndexOf(JournalFrame.Magic);
            if (next < 0) return -1;
            at += next;
            if (JournalFrame.LengthOf(bytes[at..]) > 0) return at;
        }

        return -1;
    }

    private AuditStoreException Missing(long from, long to) =>
        new(Path.Combine(_directory, Segment.Folder), string.Create(CultureInfo.InvariantCulture, $"the entries from {from} to {to - 1} are missing, and others follow"), Remedy);

    private AuditStoreException Contradiction(string path, string fault) => new(Path.Combine(_directory, path), fault, Remedy);
}
