using System.Globalization;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Store;
using Spiffe.Agent.Tests.Unit.Audit.Store.Disks;

namespace Spiffe.Agent.Tests.Unit.Audit.Store;

/// <summary>A log is opened where it is what its last writer left, and refused otherwise, with the place and what to do.</summary>
public sealed class OpeningTests : IDisposable
{
    private readonly LogFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Only_one_process_writes_and_the_other_hears_which()
    {
        await using AuditStore store = _folder.Open();

        AuditStoreException refused = Refused();

        Assert.Equal(_folder.Path, refused.Place);
        Assert.Equal($"is held by process {Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}", refused.Fault);
    }

    [Fact]
    public async Task A_log_that_was_closed_or_refused_is_free()
    {
        await MakeAsync(1);
        File.Move(_folder.File("keys/log.key"), _folder.File("keys/elsewhere"));
        Refused();
        File.Move(_folder.File("keys/elsewhere"), _folder.File("keys/log.key"));

        await MakeAsync(1);

        Assert.Equal(2, _folder.Numbers().Count);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void A_directory_that_others_may_change_is_refused(UnixFileMode others)
    {
        File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | others);

        Assert.Contains("others may change it", Refused().Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_others_may_read_is_refused()
    {
        await MakeAsync(1);
        File.SetUnixFileMode(_folder.File("keys/log.key"), UnixFileMode.UserRead | UnixFileMode.GroupRead);

        AuditStoreException refused = Refused();

        Assert.Equal((_folder.File("keys/log.key"), true), (refused.Place, refused.Fault.Contains("others may read", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Files_that_hold_secrets_or_texts_are_the_owners_only()
    {
        await using AuditStore store = _folder.Open();
        store.TryAppend(LogFolder.Record(0, "text"));
        await store.SettleAsync(CancellationToken.None);

        foreach (string folder in (string[])["keys", "journal"]) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder.File(folder)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.File("keys/log.key")));
    }

    [Fact]
    public async Task Another_name_is_refused_and_the_logs_own_is_said()
    {
        await MakeAsync(1);
        AuditStoreOptions other = new() { Directory = _folder.Path, Origin = "example.org/other" };

        AuditStoreException refused = Assert.Throws<AuditStoreException>(() => AuditStore.Open(other, TimeProvider.System));

        Assert.Equal($"this log is {LogFolder.Origin}, and example.org/other is configured", refused.Fault);
        Assert.Throws<AuditStoreException>(() => AuditStore.Open(new AuditStoreOptions { Directory = _folder.Path, Origin = "with space" }, TimeProvider.System));
    }

    [Fact]
    public async Task A_key_that_is_missing_or_another_logs_is_refused()
    {
        await MakeAsync(1);
        using LogFolder other = new();
        await using (AuditStore store = other.Open()) Assert.NotNull(store.Head);
        File.Copy(other.File("keys/log.key"), _folder.File("keys/log.key"), overwrite: true);
        Assert.Equal("is not the key that log.vkey ends with", Refused().Fault);

        File.Delete(_folder.File("keys/log.key"));

        Assert.Equal(("is missing, and there is a log", _folder.File("keys/log.key")), (Refused().Fault, Refused().Place));
    }

    /// <summary>A new log in its place would sign other trees of the same sizes.</summary>
    [Theory]
    [InlineData("log.vkey")]
    [InlineData("checkpoint")]
    public async Task A_log_of_which_a_part_is_missing_is_not_taken_for_a_new_one(string part)
    {
        await MakeAsync(1);
        File.Delete(_folder.File(part));

        AuditStoreException refused = Refused();

        Assert.Equal((_folder.File(part), "is missing, and there is a log"), (refused.Place, refused.Fault));
    }

    [Fact]
    public async Task An_older_head_that_was_put_back_is_refused()
    {
        await MakeAsync(1);
        byte[] older = File.ReadAllBytes(_folder.File("checkpoint"));
        await MakeAsync(5);
        File.WriteAllBytes(_folder.File("checkpoint"), older);

        Assert.Contains("knows of", Refused().Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tiles_and_entries_that_are_not_those_of_the_head_are_refused()
    {
        await MakeAsync(3);
        Flip("tile/0/000.p/3");
        Assert.Equal("the tiles do not lead to its root", Refused().Fault);
        Flip("tile/0/000.p/3");
        Flip("tile/entries/000.p/3");
        Assert.Equal("entry 2 is not the one that the tree has", Refused().Fault);
        Flip("tile/entries/000.p/3");
        Flip("checkpoint");
        Assert.Equal(_folder.File("checkpoint"), Refused().Place);
    }

    [Fact]
    public async Task A_torn_tail_is_dropped_and_the_log_says_so()
    {
        await LeaveJournalAsync(groups: 3);
        string journal = Directory.EnumerateFiles(_folder.File("journal")).Single();
        byte[] all = File.ReadAllBytes(journal);
        File.WriteAllBytes(journal, all[..^10]);

        await using (AuditStore store = _folder.Open()) await store.SettleAsync(CancellationToken.None);

        Assert.Equal([0, 1], _folder.Numbers());
        RecordEntry opened = _folder.Entries().Single(entry => entry.Type == RecordTypes.LogOpened);
        Assert.Equal((2, (all.Length / 3) - 10), (opened.Data.GetProperty("recovered").GetInt32(), opened.Data.GetProperty("torn").GetInt32()));
    }

    /// <summary>What is torn is the last thing that was written. Groups behind it were confirmed, so the damaged one was, too.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_journal_that_is_damaged_before_its_end_is_refused(int group)
    {
        await LeaveJournalAsync(groups: 3);
        string journal = Directory.EnumerateFiles(_folder.File("journal")).Single();
        byte[] all = File.ReadAllBytes(journal);
        all[(all.Length / 3 * group) + 100] ^= 1;
        File.WriteAllBytes(journal, all);

        Assert.Contains("are damaged, and others follow", Refused().Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_journal_whose_beginning_is_missing_is_refused()
    {
        await LeaveJournalAsync(groups: 2);
        File.Move(_folder.File("journal/0000000000000000"), _folder.File("journal/0000000000000001"));

        Assert.Equal("the entries from 0 to 0 are missing, and others follow", Refused().Fault);
    }

    /// <summary>Whole groups with every hash right: only the signature tells who wrote them.</summary>
    [Fact]
    public async Task A_journal_that_somebody_else_signed_is_refused()
    {
        using LogFolder other = new();
        await LeaveJournalAsync(other, groups: 2);
        await using (AuditStore store = _folder.Open()) Assert.NotNull(store.Head);
        Directory.CreateDirectory(_folder.File("journal"));
        foreach (string file in Directory.EnumerateFiles(other.File("journal"))) File.Copy(file, Path.Combine(_folder.File("journal"), Path.GetFileName(file)));

        Assert.Equal("its last group is not signed by a key of this log", Refused().Fault);
    }

    [Fact]
    public async Task A_journal_that_contradicts_the_tiles_is_refused()
    {
        using LogFolder other = new();
        await LeaveJournalAsync(other, groups: 2, first: 7);
        await MakeAsync(4);
        foreach (string file in Directory.EnumerateFiles(other.File("journal"))) File.Copy(file, Path.Combine(_folder.File("journal"), Path.GetFileName(file)));

        Assert.Equal("its first 2 entries are not those of the tiles", Refused().Fault);
    }

    [Fact]
    public async Task A_file_of_another_name_in_the_journal_is_refused()
    {
        await MakeAsync(1);
        File.WriteAllText(_folder.File("journal/notes.txt"), "");

        Assert.Equal((_folder.File("journal/notes.txt"), "is no file of a journal"), (Refused().Place, Refused().Fault));
    }

    private static void Ignore(AuditStoreEvent happened) => _ = happened;

    private async Task MakeAsync(int records)
    {
        await using AuditStore store = _folder.Open(Ignore);
        for (int i = 0; i < records; i++) Assert.True(store.TryAppend(LogFolder.Record(i)));
        Assert.True(await store.SettleAsync(CancellationToken.None));
    }

    private Task LeaveJournalAsync(int groups) => LeaveJournalAsync(_folder, groups);

    /// <summary>A log with groups of one record each in the journal, and nothing in tiles, as a crash leaves it.</summary>
    private static async Task LeaveJournalAsync(LogFolder folder, int groups, int first = 0)
    {
        ScriptedDisk disk = new(folder.Path) { Fault = static step => step.To == "checkpoints" || step.To.StartsWith("tile", StringComparison.Ordinal) ? 5 : 0 };
        AuditStoreOptions options = new() { Directory = folder.Path, Origin = LogFolder.Origin, Limits = new AuditStoreLimits { Period = TimeSpan.FromHours(1), ReserveBytes = 0 } };
        await using (AuditStore store = AuditStore.Open(options, TimeProvider.System, Ignore, disk))
        {
            for (int i = 0; i < groups; i++)
            {
                Assert.True(store.TryAppend(LogFolder.Record(first + i, isOwed: true)));
                Assert.True(await store.SettleAsync(CancellationToken.None));
            }
        }

        string[] files = [.. Directory.EnumerateFiles(folder.File("journal")).Order(StringComparer.Ordinal)]; // A second one where a publication was tried between.
        File.WriteAllBytes(files[0], [.. files.SelectMany(File.ReadAllBytes)]);
        foreach (string file in files[1..]) File.Delete(file);
    }

    private void Flip(string path)
    {
        byte[] bytes = File.ReadAllBytes(_folder.File(path));
        bytes[^3] ^= 1;
        File.WriteAllBytes(_folder.File(path), bytes);
    }

    private AuditStoreException Refused() => Assert.Throws<AuditStoreException>(() => _folder.Open());
}
