using System.Diagnostics;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Tiles;
using Spiffe.Agent.Audit.Verification;

namespace Spiffe.Agent.Tests.Unit.Audit.Verification;

/// <summary>Directories that were made to harm whoever looks into them.</summary>
public sealed class HostileDirectoryTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly MadeLog _log = MadeLog.Of(300);

    public void Dispose() => _log.Dispose();

    [Theory]
    [InlineData("tile/0/000")]
    [InlineData("tile/entries/000")]
    [InlineData("tile/1/000.p/1")]
    [InlineData("checkpoint")]
    [InlineData("checkpoints")]
    [InlineData("log.vkey")]
    public async Task A_link_in_the_place_of_a_file_is_not_followed_even_to_the_right_bytes(string path)
    {
        string elsewhere = Path.Combine(_log.Folder, "..", $"{Path.GetFileName(_log.Folder)}-elsewhere");
        File.Move(_log.PathOf(path), elsewhere);
        try
        {
            File.CreateSymbolicLink(_log.PathOf(path), elsewhere);

            VerificationReport report = await VerifyAsync();

            Assert.Contains(report.Faults, found => found.Kind == FindingKind.UnsafeFile && found.Place == path);
        }
        finally
        {
            File.Delete(elsewhere);
        }
    }

    [Fact]
    public async Task A_link_in_the_place_of_a_directory_is_not_followed()
    {
        string elsewhere = Path.Combine(_log.Folder, "..", $"{Path.GetFileName(_log.Folder)}-elsewhere");
        Directory.Move(_log.PathOf("tile/entries"), elsewhere);
        try
        {
            Directory.CreateSymbolicLink(_log.PathOf("tile/entries"), elsewhere);

            VerificationReport report = await VerifyAsync();

            Assert.Equal(0, report.Read);
            Assert.Contains(report.Faults, found => found is { Kind: FindingKind.UnsafeFile, Place: "tile/entries/000" });
        }
        finally
        {
            Directory.Delete(elsewhere, recursive: true);
        }
    }

    [Theory]
    [InlineData("tile/0/000")]
    [InlineData("tile/entries/001.p/44")]
    [InlineData("checkpoint")]
    [InlineData("checkpoints")]
    [InlineData("log.vkey")]
    public async Task A_pipe_that_nobody_writes_to_is_not_waited_for(string path)
    {
        File.Delete(_log.PathOf(path));
        using (Process made = Process.Start("mkfifo", [_log.PathOf(path)])) await made.WaitForExitAsync();

        VerificationReport report = await VerifyAsync();

        Assert.Contains(report.Faults, found => found.Kind == FindingKind.UnsafeFile && found.Place == path);
    }

    [Theory]
    [InlineData("tile/0/000")]
    [InlineData("tile/entries/000")]
    [InlineData("checkpoint")]
    [InlineData("log.vkey")]
    public async Task A_file_of_a_terabyte_is_not_read(string path)
    {
        string folder = Directory.CreateTempSubdirectory("made-log-").FullName; // Sparse: not every file system in memory takes it.
        using MadeLog log = MadeLog.Of(300, folder);
        using (FileStream file = File.Open(log.PathOf(path), FileMode.Open)) file.SetLength(1L << 40);

        VerificationReport report = await VerifyAsync(log);

        Assert.Contains(report.Faults, found => found.Kind == FindingKind.TooLong && found.Place == path);
    }

    [Fact]
    public async Task A_checkpoint_for_more_entries_than_anybody_has_ends_where_the_files_do()
    {
        Checkpoint endless = new(MadeLog.Origin, long.MaxValue, default);
        File.WriteAllBytes(_log.PathOf(TilePath.Checkpoint), _log.Signer.Sign(endless.ToText()).ToArray());

        VerificationReport report = await VerifyAsync();

        Assert.InRange(report.Read, 256, 300);
        Assert.Contains(report.Faults, found => found is { Kind: FindingKind.TileMissing, Place: "tile/0/001" });
    }

    [Fact]
    public async Task Names_that_belong_to_no_log_are_said_and_change_nothing()
    {
        foreach (string name in new[] { "notes.txt", "tile/9", "tile/entries/x000", "tile/entries/000.new", "tile/0/0001", "tile/0/x001.p", "tile/0/001.p/044", "tile/0/\u202egnp.000", "tile/0/\e[2J" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_log.PathOf(name))!);
            File.WriteAllText(_log.PathOf(name), "");
        }

        VerificationReport report = await VerifyAsync();

        Assert.Empty(report.Faults.Where(found => found.Kind != FindingKind.UnsafeFile));
        Assert.Equal(["tile/entries/000.new"], report.Remarks.Where(remark => remark.Kind == FindingKind.LeftOver).Select(remark => remark.Place));
        Assert.Equal(7, report.Remarks.Count(remark => remark.Kind == FindingKind.Foreign));
    }

    [Fact]
    public async Task Tiles_beyond_the_head_are_found()
    {
        Directory.CreateDirectory(_log.PathOf("tile/0/x001"));
        File.WriteAllText(_log.PathOf("tile/0/x001/000"), "");
        File.WriteAllText(_log.PathOf("tile/0/001.p/200"), "");
        File.WriteAllText(_log.PathOf("tile/entries/001"), "");

        VerificationReport report = await VerifyAsync();

        Assert.Equal(["tile/0/001.p/200", "tile/0/x001/000", "tile/entries/001"], report.Faults.Where(found => found.Kind == FindingKind.BeyondHead).Select(found => found.Place).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Directories_one_in_the_other_without_end_are_left_alone()
    {
        string deep = "tile/0";
        for (int i = 0; i < 40; i++) deep += "/x999";
        Directory.CreateDirectory(_log.PathOf(deep));

        Assert.Contains((await VerifyAsync()).Remarks, remark => remark.Kind == FindingKind.Foreign);
    }

    [Fact]
    public async Task Entries_nested_as_deep_as_they_are_long_are_no_entries()
    {
        _log.AddRaw([.. "{\"at\":\"2026-11-22T09:00:00.0000000Z\",\"data\":"u8, .. Enumerable.Repeat((byte)'[', 60_000)]);
        _log.Publish();

        Assert.Equal((FindingKind.EntryMalformed, 300L), Assert.Single((await VerifyAsync()).Faults.Select(found => (found.Kind, found.Index!.Value))));
    }

    private Task<VerificationReport> VerifyAsync() => VerifyAsync(_log);

    private static Task<VerificationReport> VerifyAsync(MadeLog log) => log.VerifyAsync().WaitAsync(Patience);
}
