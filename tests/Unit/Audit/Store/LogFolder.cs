using System.Text;
using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Store;
using Spiffe.Agent.Audit.Tiles;

namespace Spiffe.Agent.Tests.Unit.Audit.Store;

/// <summary>A directory for a log, and eyes of its own to look into it.</summary>
internal sealed class LogFolder : IDisposable
{
    public const string Origin = "example.org/audit";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("audit-");

    public string Path => _directory.FullName;

    public AuditStoreOptions Options => new() { Directory = Path, Origin = Origin, Limits = new AuditStoreLimits { ReserveBytes = 1 << 16, Period = TimeSpan.FromMilliseconds(20) } };

    public string File(string path) => System.IO.Path.Combine(Path, path);

    public AuditStore Open(Action<AuditStoreEvent>? observer = null) => AuditStore.Open(Options, TimeProvider.System, observer);

    public static AuditRecord Record(int number, string? body = null, bool isOwed = false) =>
        new(RecordTypes.TaskPermitted, new DateTimeOffset(2026, 11, 22, 9, 0, 0, TimeSpan.Zero), new RecordFields().Add("number", number)) { Body = body, IsOwed = isOwed };

    /// <summary>Every entry that the published head covers, each verified against the tree and the one before.</summary>
    public IReadOnlyList<RecordEntry> Entries() => Entries(Path);

    /// <summary>As above, of any directory.</summary>
    public static IReadOnlyList<RecordEntry> Entries(string directory)
    {
        Checkpoint head = Head(directory);
        TileReader tree = new(directory, head.Size);
        Frontier frontier = new();
        TreeHash previous = RecordEntry.None;
        List<RecordEntry> entries = [];
        for (long bundle = 0; bundle * TilePath.Width < head.Size; bundle++)
        {
            foreach (ReadOnlyMemory<byte> bytes in tree.Entries(bundle))
            {
                Assert.True(RecordEntry.TryRead(bytes, out RecordEntry? entry, out string fault), fault);
                Assert.Equal((entries.Count, previous), (entry.Seq, entry.Previous));
                previous = RecordEntry.HashOf(bytes.Span);
                frontier.Append(TreeHasher.Leaf(bytes.Span));
                entries.Add(entry);
            }
        }

        Assert.Equal(head.Root, frontier.Root);
        Assert.Equal(head.Root, tree.Root);
        return entries;
    }

    /// <summary>The numbers of our records, in the order of the log.</summary>
    public IReadOnlyList<int> Numbers() => Numbers(Entries());

    public static IReadOnlyList<int> Numbers(IEnumerable<RecordEntry> entries) => [.. entries.Where(entry => entry.Type == RecordTypes.TaskPermitted).Select(entry => entry.Data.GetProperty("number").GetInt32())];

    public Checkpoint Head() => Head(Path);

    public static Checkpoint Head(string directory)
    {
        Assert.True(SignedNote.TryParse(System.IO.File.ReadAllBytes(System.IO.Path.Combine(directory, TilePath.Checkpoint)), out SignedNote? note, out string fault), fault);
        NoteVerdict verdict = note.Verify([.. Keys(directory)]);
        Assert.True(verdict.Accepted, verdict.Fault);
        Assert.True(Checkpoint.TryParse(note.Text, out Checkpoint? head, out fault), fault);
        return head;
    }

    public static IReadOnlyList<NoteVerifierKey> Keys(string directory) => [.. System.IO.File.ReadLines(System.IO.Path.Combine(directory, "log.vkey"), Encoding.UTF8).Select(line => NoteVerifierKey.TryParse(line, out NoteVerifierKey? key, out string fault) ? key : throw new FormatException(fault))];

    public void Dispose() => _directory.Delete(recursive: true);
}
