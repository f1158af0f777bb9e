using FsCheck;
using FsCheck.Fluent;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Store;
using Spiffe.Agent.Audit.Store.Journal;
using Spiffe.Agent.Audit.Tiles;

namespace Spiffe.Agent.Tests.Fuzz.Audit;

/// <summary>
/// A journal that holds groups nobody has published yet, changed anywhere. Opening it never ends but in one of two ways: the log is refused, with a reason, or all that is missing are groups at the end which were
/// themselves changed, and now look as if they had never been written to their end: what no published head covers, a second's worth, can be cut off by whoever may write there (docs/threat-model.md).
/// </summary>
public sealed class JournalProperties : IDisposable
{
    private const int Groups = 24;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("journal-");
    private readonly string _whole;

    public JournalProperties()
    {
        _whole = Path.Combine(_folder.FullName, "whole");
        WriteAsync().GetAwaiter().GetResult();
    }

    private enum Change
    {
        Flip,
        Zero,
        Cut,
        Drop,
        Repeat,
        Swap,
        Append,
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Whatever_is_done_to_a_journal_nothing_is_missed_but_what_was_changed_itself_at_its_end()
    {
        int refused = 0, torn = 0, whole = 0;
        Prop.ForAll(Arb.From(Gen.Zip(Gen.Elements(Enum.GetValues<Change>()), Gen.Zip(Gen.Choose(0, 1_000_000), Gen.Choose(0, 1_000_000)))), drawn =>
        {
            string copy = Path.Combine(_folder.FullName, "changed");
            Copy(_whole, copy);
            try
            {
                string journal = Directory.GetFiles(Path.Combine(copy, "journal")).MaxBy(static file => new FileInfo(file).Length)!;
                byte[] bytes = File.ReadAllBytes(journal);
                (Change change, (int from, int length)) = (drawn.Item1, RangeOf(drawn.Item2.Item1, drawn.Item2.Item2, bytes.Length));
                File.WriteAllBytes(journal, Changed(bytes, change, from, length));
                int kept = OpenAsync(copy).GetAwaiter().GetResult();
                if (kept < 0) refused++;
                else if (kept == Groups) whole++;
                else torn++;
                int until = change == Change.Cut ? bytes.Length : from + length;
                Assert.All(FramesOf(bytes).Where(frame => kept >= 0 && frame.Numbers > kept), frame => Assert.True(frame.Start < until && frame.End > from, $"{change} of {from} to {until}: {kept} records are left, and those at {frame.Start} to {frame.End} were not touched"));
            }
            finally
            {
                Directory.Delete(copy, recursive: true);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));
        Assert.True(refused > 20 && torn > 5 && whole > 0, $"{refused} refused, {torn} torn, {whole} whole: these changes prove nothing");
    }

    private static (int From, int Length) RangeOf(int first, int second, int all) => (first % all, 1 + (second % Math.Min(800, all - (first % all))));

    /// <summary>Where the groups lie, and how many records there are with those of each.</summary>
    private static IEnumerable<(int Start, int End, long Numbers)> FramesOf(byte[] journal)
    {
        for (int at = 0; at < journal.Length;)
        {
            int length = JournalFrame.LengthOf(journal.AsSpan(at));
            yield return (at, at + length, JournalFrame.FirstOf(journal.AsSpan(at)) - 1 + JournalFrame.CountOf(journal.AsSpan(at))); // The first entry is that the log was opened.
            at += length;
        }
    }

    private static byte[] Changed(byte[] bytes, Change change, int from, int length)
    {
        byte[] changed = [.. bytes];
        switch (change)
        {
            case Change.Flip:
                changed[from] ^= (byte)(1 << (length % 8));
                return changed;
            case Change.Zero:
                changed.AsSpan(from, length).Clear();
                return changed;
            case Change.Cut:
                return changed[..from];
            case Change.Drop:
                return [.. changed[..from], .. changed[(from + length)..]];
            case Change.Repeat:
                return [.. changed[..(from + length)], .. changed[from..]];
            case Change.Swap:
                int half = length / 2;
                return [.. changed[..from], .. changed[(from + half)..(from + length)], .. changed[from..(from + half)], .. changed[(from + length)..]];
            default:
                return [.. changed, .. changed[from..(from + length)]];
        }
    }

    /// <summary>How many of the entries are there when the log has been opened; -1: it was refused.</summary>
    private static async Task<int> OpenAsync(string directory)
    {
        try
        {
            await using AuditStore store = Open(directory, TimeSpan.FromMilliseconds(20));
        }
        catch (AuditStoreException refused)
        {
            Assert.NotEqual(("", ""), (refused.Fault, refused.Remedy));
            return -1;
        }

        List<int> numbers = [];
        TileReader tree = new(directory, Size(directory));
        for (long bundle = 0; bundle * TilePath.Width < tree.Size; bundle++)
        {
            foreach (ReadOnlyMemory<byte> bytes in tree.Entries(bundle))
            {
                Assert.True(RecordEntry.TryRead(bytes, out RecordEntry? entry, out string fault), fault);
                if (entry.Type == RecordTypes.TaskUsed) numbers.Add(entry.Data.GetProperty("number").GetInt32());
            }
        }

        Assert.Equal(Enumerable.Range(0, numbers.Count), numbers);
        return numbers.Count;
    }

    private async Task WriteAsync()
    {
        await using (Open(_whole, TimeSpan.FromMilliseconds(20)))
        {
            // Its keys and its first head.
        }

        string left = Path.Combine(_folder.FullName, "left");
        AuditStore store = Open(_whole, TimeSpan.FromDays(1)); // Published is at the start, and not again.
        try
        {
            for (int i = 0; i < Groups; i++)
            {
                Assert.True(store.TryAppend(new AuditRecord(RecordTypes.TaskUsed, DateTimeOffset.UnixEpoch, new RecordFields().Add("number", i)) { Body = i % 2 == 0 ? $"text {i}" : null }));
                Assert.True(await store.SettleAsync(CancellationToken.None));
            }

            Copy(_whole, left); // As kill -9 would leave it.
        }
        finally
        {
            await store.DisposeAsync();
        }

        Directory.Delete(_whole, recursive: true);
        Directory.Move(left, _whole);
    }

    private static AuditStore Open(string directory, TimeSpan period) =>
        AuditStore.Open(new AuditStoreOptions { Directory = directory, Origin = "example.org/audit", Limits = new AuditStoreLimits { Period = period, ReserveBytes = 0 } }, TimeProvider.System);

    private static long Size(string directory) => long.Parse(File.ReadLines(Path.Combine(directory, "checkpoint")).ElementAt(1), System.Globalization.CultureInfo.InvariantCulture);

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to, File.GetUnixFileMode(from));
        foreach (string file in Directory.GetFiles(from).Where(file => Path.GetFileName(file) != "lock")) File.Copy(file, Path.Combine(to, Path.GetFileName(file))); // With its mode.
        foreach (string directory in Directory.GetDirectories(from)) Copy(directory, Path.Combine(to, Path.GetFileName(directory)));
    }
}
