using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Store;
using Spiffe.Agent.Audit.Tiles;

namespace Spiffe.Agent.Tests.Integration.Audit;

/// <summary>Looks into a log as whoever has its directory can.</summary>
internal static class WrittenLog
{
    public static AuditStore Open(string directory) => Open(directory, new AuditStoreLimits { Period = TimeSpan.FromMilliseconds(30), ReserveBytes = 1 << 16 });

    public static AuditStore Open(string directory, AuditStoreLimits limits) => AuditStore.Open(new AuditStoreOptions { Directory = directory, Origin = "example.org/audit", Limits = limits }, TimeProvider.System);

    /// <summary>Every entry below the published head, each checked against the one before it and the root; bodies, too.</summary>
    public static IReadOnlyList<RecordEntry> Entries(string directory)
    {
        Assert.True(SignedNote.TryParse(File.ReadAllBytes(Path.Combine(directory, TilePath.Checkpoint)), out SignedNote? note, out string fault), fault);
        Assert.True(NoteVerifierKey.TryParse(File.ReadAllText(Path.Combine(directory, "log.vkey")).TrimEnd('\n'), out NoteVerifierKey? key, out fault), fault);
        Assert.True(note.Verify([key]).Accepted);
        Assert.True(Checkpoint.TryParse(note.Text, out Checkpoint? head, out fault), fault);
        TileReader tree = new(directory, head.Size);
        BodyStore bodies = new(directory);
        Frontier frontier = new();
        TreeHash previous = RecordEntry.None;
        List<RecordEntry> entries = [];
        for (long bundle = 0; bundle * TilePath.Width < head.Size; bundle++)
        {
            foreach (ReadOnlyMemory<byte> bytes in tree.Entries(bundle))
            {
                Assert.True(RecordEntry.TryRead(bytes, out RecordEntry? entry, out fault), fault);
                Assert.Equal((entries.Count, previous), (entry.Seq, entry.Previous));
                if (entry.Data.TryGetProperty("body", out var digest)) Assert.Equal($"text {entry.Data.GetProperty("number").GetInt32()}", bodies.Read(entry.Seq, digest.GetString()!));
                previous = RecordEntry.HashOf(bytes.Span);
                frontier.Append(TreeHasher.Leaf(bytes.Span));
                entries.Add(entry);
            }
        }

        Assert.Equal((head.Root, head.Root), (frontier.Root, tree.Root));
        return entries;
    }

    /// <summary>The numbers of our records, in the order of the log.</summary>
    public static int[] Numbers(IEnumerable<RecordEntry> entries) => [.. entries.Where(entry => entry.Type == RecordTypes.TaskPermitted).Select(entry => entry.Data.GetProperty("number").GetInt32())];
}
