using System.Globalization;
using System.Text;
using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Tiles;
using Spiffe.Agent.Tests.Unit.Audit.Merkle;

namespace Spiffe.Agent.Tests.Unit.Audit.Tiles;

/// <summary>Trees in a directory: what was written is read, and nothing else.</summary>
public sealed class TilesTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("tiles-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void An_empty_tree_has_no_files()
    {
        TileWriter writer = new(_directory, 0);
        writer.Publish();

        Assert.Equal((0L, TreeHasher.Empty), (writer.Size, writer.Root));
        Assert.Equal(TreeHasher.Empty, new TileReader(_directory, 0).Root);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory));
    }

    [Fact]
    public void A_tree_is_read_with_all_its_entries_and_proofs_whatever_its_size_when_it_was_published()
    {
        Leaves tree = Leaves.Numbered(600);
        TileWriter writer = new(_directory, 0);
        foreach (int size in new[] { 1, 2, 255, 256, 257, 511, 512, 600 })
        {
            Append(writer, size);
            writer.Publish();
            TileReader reader = new(_directory, size);

            Assert.Equal(new Frontier(size, tree.Node).Root, reader.Root);
            Assert.Equal(writer.Root, reader.Root);
            Assert.Equal(Enumerable.Range(0, size).Select(Entry), AllOf(reader));
            Assert.Equal(InclusionProof.Of(size / 3, size, tree.Node), InclusionProof.Of(size / 3, size, reader.Node));
            Assert.Equal(ConsistencyProof.Of(size / 3, size, tree.Node), ConsistencyProof.Of(size / 3, size, reader.Node));
        }
    }

    [Fact]
    public void Sizes_that_were_published_stay_readable_when_their_partial_tiles_have_gone()
    {
        Leaves tree = Leaves.Numbered(300);
        TileWriter writer = new(_directory, 0);
        foreach (int size in new[] { 100, 200, 300 })
        {
            Append(writer, size);
            writer.Publish();
        }

        Assert.False(Directory.Exists(Path.Combine(_directory, "tile/0/000.p")));
        Assert.False(Directory.Exists(Path.Combine(_directory, "tile/entries/000.p")));
        Assert.Equal(new Frontier(100, tree.Node).Root, new TileReader(_directory, 100).Root);
        Assert.Equal(100, new TileReader(_directory, 100).Entries(0).Count);
    }

    [Fact]
    public void A_writer_goes_on_where_a_checkpoint_says_and_forgets_what_is_beyond_it()
    {
        foreach (int size in new[] { 1, 100, 255, 256, 300 })
        {
            string directory = Directory.CreateDirectory(Path.Combine(_directory, Entry(size))).FullName;
            TileWriter before = new(directory, 0);
            Append(before, size);
            before.Publish();
            for (int i = 0; i < 300; i++) before.Append("never acknowledged"u8);
            before.Publish();

            TileWriter after = new(directory, size);
            Append(after, 700);
            after.Publish();

            Assert.Equal(Leaves.Numbered(700).Frontier.Root, after.Root);
            Assert.Equal(after.Root, new TileReader(directory, 700).Root);
            Assert.Equal(Enumerable.Range(0, 700).Select(Entry), AllOf(new TileReader(directory, 700)));
            Assert.Equal(Leaves.Numbered(size).Frontier.Root, new TileReader(directory, size).Root);
        }
    }

    /// <summary>The first size with a third level of tiles. In memory where there is such a place: it is five hundred files.</summary>
    [Fact]
    public void A_tree_with_three_levels_of_tiles_is_read()
    {
        const int Size = 65_536 + 300;
        string directory = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : _directory, Path.GetFileName(_directory) + "-large");
        Directory.CreateDirectory(directory);
        try
        {
            TileWriter writer = new(directory, 0);
            Append(writer, Size);
            writer.Publish();
            TileReader reader = new(directory, Size);

            Assert.True(File.Exists(Path.Combine(directory, "tile/1/000")));
            Assert.True(File.Exists(Path.Combine(directory, "tile/2/000.p/1")));
            Assert.Equal(writer.Root, reader.Root);
            Assert.Equal(writer.Root, new TileWriter(directory, Size).Root);
            Assert.True(InclusionProof.Verify(TreeHasher.Leaf(Encoding.ASCII.GetBytes(Entry(12_345))), 12_345, Size, InclusionProof.Of(12_345, Size, reader.Node), writer.Root));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void What_is_missing_too_short_or_too_long_is_named()
    {
        TileWriter writer = new(_directory, 0);
        Append(writer, 300);
        writer.Publish();

        File.WriteAllBytes(Path.Combine(_directory, "tile/entries/001.p/44"), [0, 1]);
        Assert.Equal("tile/entries/001.p/44: holds 0 entries, not 44", Assert.Throws<TileException>(() => new TileReader(_directory, 300).Entries(1)).Message);
        File.AppendAllText(Path.Combine(_directory, "tile/0/001.p/44"), "x");
        Assert.Equal("tile/0/001.p/44: has 1409 bytes, not 1408", Assert.Throws<TileException>(() => new TileReader(_directory, 300).Root).Message);
        File.Delete(Path.Combine(_directory, "tile/0/001.p/44"));
        Assert.Equal(("tile/0/001.p/44", "is missing"), Faulty(() => _ = new TileReader(_directory, 300).Root));
        File.AppendAllText(Path.Combine(_directory, "tile/0/000"), "x");
        Assert.Equal(("tile/0/000", "has more than 8192 bytes"), Faulty(() => new TileReader(_directory, 300).Node(0, 5)));
        Assert.Throws<TileException>(() => new TileWriter(_directory, 300));
    }

    [Fact]
    public void An_entry_behind_the_last_of_a_bundle_is_found()
    {
        TileWriter writer = new(_directory, 0);
        Append(writer, 3);
        writer.Publish();
        using (FileStream bundle = File.Open(Path.Combine(_directory, "tile/entries/000.p/3"), FileMode.Append)) bundle.Write([0, 1, 65]);

        Assert.Equal(("tile/entries/000.p/3", "holds more than 3 entries"), Faulty(() => new TileReader(_directory, 3).Entries(0)));
    }

    [Fact]
    public void The_shortest_and_the_longest_entry_are_kept_and_a_longer_one_leaves_the_tree_as_it_was()
    {
        TileWriter writer = new(_directory, 0);
        Assert.Equal(0, writer.Append([]));
        Assert.Equal(1, writer.Append(new byte[EntryBundle.MaxEntryLength]));
        TreeHash root = writer.Root;

        Assert.Throws<ArgumentException>(() => writer.Append(new byte[EntryBundle.MaxEntryLength + 1]));

        writer.Publish();
        Assert.Equal((2L, root), (writer.Size, writer.Root));
        Assert.Equal([0, EntryBundle.MaxEntryLength], new TileReader(_directory, 2).Entries(0).Select(entry => entry.Length));
    }

    [Fact]
    public void Only_the_owner_writes_and_others_do_not_read()
    {
        TileWriter writer = new(_directory, 0);
        Append(writer, 300);
        writer.Publish();

        Assert.All(Directory.EnumerateFileSystemEntries(_directory, "*", SearchOption.AllDirectories), path =>
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(path) & (UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute)));
    }

    [Fact]
    public void Nothing_is_asked_for_that_is_not_in_the_tree()
    {
        TileWriter writer = new(_directory, 0);
        Append(writer, 5);
        writer.Publish();
        TileReader reader = new(_directory, 5);

        Assert.Throws<ArgumentOutOfRangeException>(() => reader.Node(0, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.Node(2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.Entries(1));
    }

    private static void Append(TileWriter writer, int upTo)
    {
        while (writer.Size < upTo) writer.Append(Encoding.ASCII.GetBytes(Entry((int)writer.Size)));
    }

    private static string Entry(int index) => index.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<string> AllOf(TileReader reader)
    {
        for (long bundle = 0; bundle * TilePath.Width < reader.Size; bundle++)
        {
            foreach (ReadOnlyMemory<byte> entry in reader.Entries(bundle)) yield return Encoding.ASCII.GetString(entry.Span);
        }
    }

    private static (string Path, string Fault) Faulty(Action read)
    {
        TileException fault = Assert.Throws<TileException>(read);
        return (fault.Path, fault.Fault);
    }
}
