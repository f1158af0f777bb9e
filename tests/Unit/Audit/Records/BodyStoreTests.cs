using System.Buffers;
using Spiffe.Agent.Audit.Disk;
using Spiffe.Agent.Audit.Records;

namespace Spiffe.Agent.Tests.Unit.Audit.Records;

/// <summary>Free texts beside the log: found by their entry, erasable.</summary>
public sealed class BodyStoreTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("bodies-").FullName;
    private readonly Dictionary<long, string> _digests = [];

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void What_is_erased_is_gone_and_the_rest_stays()
    {
        Keep(0, (3, "a customer's name"), (7, "another"));
        BodyStore bodies = new(_directory);
        Assert.Equal("a customer's name", bodies.Read(3, _digests[3]));
        Assert.Contains("customer", AllBytes(), StringComparison.Ordinal);

        Assert.True(bodies.Erase(3));

        Assert.Null(bodies.Read(3, _digests[3]));
        Assert.False(bodies.Erase(3));
        Assert.Equal("another", bodies.Read(7, _digests[7]));
        Assert.DoesNotContain("customer", AllBytes(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_erased_does_not_come_back_when_the_bundle_grows()
    {
        Keep(0, (3, "gone"), (7, "stays"));
        new BodyStore(_directory).Erase(3);

        Keep(8, (8, "new"));

        BodyStore bodies = new(_directory);
        Assert.Null(bodies.Read(3, _digests[3]));
        Assert.Equal(("stays", "new"), (bodies.Read(7, _digests[7]), bodies.Read(8, _digests[8])));
    }

    [Fact]
    public void What_an_attempt_that_failed_has_left_is_written_over()
    {
        Keep(0, (3, "first"), (9, "never acknowledged"));

        Keep(4, (9, "second"));

        BodyStore bodies = new(_directory);
        Assert.Equal(("first", "second"), (bodies.Read(3, _digests[3]), bodies.Read(9, _digests[9])));
    }

    [Fact]
    public void A_body_that_was_changed_or_belongs_to_another_entry_is_not_read()
    {
        Keep(0, (3, "text"), (4, "other"));
        BodyStore bodies = new(_directory);
        Assert.Null(bodies.Read(3, _digests[4]));
        Assert.Null(bodies.Read(5, _digests[4]));
        Assert.Null(bodies.Read(300, _digests[4]));

        string file = Path.Combine(_directory, "bodies/000");
        byte[] bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, bytes);

        Assert.Equal(("text", null), (new BodyStore(_directory).Read(3, _digests[3]), new BodyStore(_directory).Read(4, _digests[4])));
    }

    [Fact]
    public void Only_the_owner_reads_them()
    {
        Keep(0, (3, "text"));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_directory, "bodies/000")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(_directory, "bodies")));
    }

    private void Keep(long from, params (long Seq, string Text)[] texts)
    {
        ArrayBufferWriter<byte> added = new();
        foreach ((long seq, string text) in texts)
        {
            _digests[seq] = Commitment.To(text, out byte[] body);
            BodyFrames.Append(added, seq, body);
        }

        LogDisk disk = new(_directory);
        BodyStore bodies = new(disk);
        StagedFiles files = new(disk);
        using DirectoryLock turn = bodies.Turn();
        bodies.Stage(files, 0, from, added.WrittenSpan);
        files.Publish();
    }

    private string AllBytes() => string.Concat(Directory.EnumerateFiles(_directory, "*", SearchOption.AllDirectories).Select(File.ReadAllText));
}
