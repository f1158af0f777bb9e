using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Store;
using Spiffe.Agent.Tests.Unit.Audit.Store.Disks;

namespace Spiffe.Agent.Tests.Unit.Audit.Store;

/// <summary>A disk that refuses: nothing is confirmed that is not safe, nothing that is owed gets lost unsaid, and it goes on by itself.</summary>
public sealed class FaultTests : IDisposable
{
    private const int Io = 5; // EIO
    private const int ReadOnly = 30; // EROFS
    private const int Full = 28; // ENOSPC

    private readonly LogFolder _folder = new();
    private readonly Watcher _watcher = new();
    private readonly ScriptedDisk _disk;

    public FaultTests() => _disk = new ScriptedDisk(_folder.Path);

    public void Dispose() => _folder.Dispose();

    /// <summary>Linux reports a lost write once; the next fsync of the same file succeeds, though what was lost stays lost.</summary>
    [Fact]
    public async Task A_file_whose_fsync_failed_is_never_written_or_asked_again()
    {
        int failures = 0;
        await using (AuditStore store = Open())
        {
            await KeepAsync(store, 0);
            _disk.Fault = step => IsJournal(step) && step.Call == Call.Sync && Interlocked.Increment(ref failures) == 1 ? Io : 0;

            Assert.True(store.TryAppend(LogFolder.Record(1)));
            Assert.False(await store.SettleAsync(CancellationToken.None));
            Assert.Contains("the medium fails", (await _watcher.WaitForAsync(AuditStoreEventKind.Fault)).Detail, StringComparison.Ordinal);
            await _watcher.WaitForAsync(AuditStoreEventKind.Recovered);
            Assert.True(await store.SettleAsync(CancellationToken.None));
            Assert.Equal(2, store.Health.Size);
        }

        Assert.Equal([0, 1], _folder.Numbers());
        DiskStep[] journal = [.. _disk.Steps.Where(step => step.Path.StartsWith("journal/", StringComparison.Ordinal))];
        int[] syncs = [.. journal.Where(step => step.Call == Call.Sync).Select(step => step.File)];
        Assert.NotEqual(syncs[0], syncs[1]);
        Assert.All(journal.GroupBy(step => step.File).Where(file => file.Any(step => step.Call == Call.Truncate)), file =>
            Assert.DoesNotContain(file.SkipWhile(step => step.Call != Call.Truncate), step => step.Call is Call.Write or Call.Sync));
    }

    [Fact]
    public async Task While_nothing_can_be_written_rights_are_refused_and_what_is_owed_waits_in_order()
    {
        await using (AuditStore store = Open())
        {
            await KeepAsync(store, 0);
            _disk.Fault = step => IsJournal(step) ? ReadOnly : 0;
            Assert.True(store.TryAppend(LogFolder.Record(1)));
            Assert.False(await store.SettleAsync(CancellationToken.None));
            await _watcher.WaitForAsync(AuditStoreEventKind.Fault);

            Assert.False(store.Health.IsWritable);
            Assert.Contains("mount its file system writable", store.Health.Fault, StringComparison.Ordinal);
            Assert.False(store.TryAppend(LogFolder.Record(-1)));
            for (int i = 2; i < 50; i++) Assert.True(store.TryAppend(LogFolder.Record(i, isOwed: true)));
            Assert.False(await store.SettleAsync(CancellationToken.None));
            Assert.Equal((1L, 49), (store.Health.Size, store.Health.Waiting));

            _disk.Fault = static _ => 0;
            await _watcher.WaitForAsync(AuditStoreEventKind.Recovered);
            Assert.True(await store.SettleAsync(CancellationToken.None));
            Assert.True(store.TryAppend(LogFolder.Record(50)));
        }

        Assert.Equal(Enumerable.Range(0, 51), _folder.Numbers());
    }

    [Fact]
    public async Task What_is_owed_beyond_the_bound_is_counted_and_the_log_says_how_many()
    {
        AuditStoreOptions small = new() { Directory = _folder.Path, Origin = LogFolder.Origin, Limits = new AuditStoreLimits { MaxWaiting = 5, MaxOwed = 10, ReserveBytes = 0, Period = TimeSpan.FromMilliseconds(20) } };
        await using (AuditStore store = AuditStore.Open(small, TimeProvider.System, _watcher.Observe, _disk))
        {
            _disk.Fault = step => IsJournal(step) ? Io : 0;
            for (int i = 0; i < 25; i++) Assert.True(store.TryAppend(LogFolder.Record(i, isOwed: true)));
            Assert.Equal(15, store.Health.Lost);
            Assert.False(store.TryAppend(LogFolder.Record(-1)));

            _disk.Fault = static _ => 0;
            await SettledAsync(store);
            Assert.True(store.TryAppend(LogFolder.Record(25)));
        }

        Assert.Equal([.. Enumerable.Range(0, 10), 25], _folder.Numbers());
        RecordEntry gap = _folder.Entries()[10];
        Assert.Equal((RecordTypes.LogGap, 15), (gap.Type, gap.Data.GetProperty("lost").GetInt32()));
    }

    [Fact]
    public async Task An_overloaded_log_refuses_what_gives_rights_and_never_blocks()
    {
        using ManualResetEventSlim go = new();
        AuditStoreOptions small = new() { Directory = _folder.Path, Origin = LogFolder.Origin, Limits = new AuditStoreLimits { MaxWaiting = 5, ReserveBytes = 0 } };
        await using AuditStore store = AuditStore.Open(small, TimeProvider.System, _watcher.Observe, _disk);
        _disk.Fault = step =>
        {
            if (IsJournal(step)) go.Wait(TimeSpan.FromSeconds(60));
            return 0;
        };

        int taken = Enumerable.Range(0, 100).TakeWhile(i => store.TryAppend(LogFolder.Record(i))).Count();

        Assert.InRange(taken, 5, 6);
        Assert.True(store.TryAppend(LogFolder.Record(100, isOwed: true)));
        ValueTask<bool> settling = store.SettleAsync(CancellationToken.None);
        Assert.False(settling.IsCompleted);
        go.Set();
        Assert.True(await settling);
    }

    /// <summary>Every step of a publication fails once, each in a round of its own; readers see a whole log at any time.</summary>
    [Fact]
    public async Task A_fault_anywhere_in_a_publication_leaves_the_head_before_and_the_next_attempt_goes_through()
    {
        int number = 0;
        await using (AuditStore store = Open())
        {
            for (int at = 0; ; at++)
            {
                Watcher round = _watcher;
                int step = 0;
                bool isHit = false;
                _disk.Fault = asked => asked.Path.StartsWith("journal", StringComparison.Ordinal) || Interlocked.Increment(ref step) - 1 != at || (isHit = true) == false ? 0 : Io;
                for (int i = 0; i < 30; i++) Assert.True(await PlacedAsync(store, number++));
                Assert.True(await store.SettleAsync(CancellationToken.None));
                await store.ProveAsync(store.Health.Size - 1, CancellationToken.None);
                Assert.Equal(Enumerable.Range(0, number), _folder.Numbers());
                if (!isHit) break;
                Assert.True(at < 200, "a publication has no end");
            }
        }

        Assert.Equal(Enumerable.Range(0, number), _folder.Numbers());
    }

    [Fact]
    public async Task When_publishing_fails_for_long_the_journal_keeps_what_is_confirmed_until_its_bound_and_then_rights_are_refused()
    {
        AuditStoreOptions small = new() { Directory = _folder.Path, Origin = LogFolder.Origin, Limits = new AuditStoreLimits { MaxUnpublishedBytes = 4_096, ReserveBytes = 0, Period = TimeSpan.FromMilliseconds(20) } };
        int number = 0;
        await using (AuditStore store = AuditStore.Open(small, TimeProvider.System, _watcher.Observe, _disk))
        {
            _disk.Fault = step => step.Path.StartsWith("pending", StringComparison.Ordinal) ? Io : 0;
            while (number < 1_000 && store.TryAppend(LogFolder.Record(number, isOwed: true)) && await store.SettleAsync(CancellationToken.None)) number++;
            Assert.InRange(number, 2, 100);
            Assert.False(store.TryAppend(LogFolder.Record(-1)));
            Assert.Equal(0, store.Health.Published);

            _disk.Fault = static _ => 0;
            await SettledAsync(store);
        }

        Assert.Equal(Enumerable.Range(0, number + 1), _folder.Numbers());
    }

    [Fact]
    public async Task On_a_full_disk_the_reserve_is_given_up_for_what_is_owed_and_taken_again()
    {
        bool isFull = false;
        await using (AuditStore store = Open())
        {
            await KeepAsync(store, 0);
            string reserve = _folder.File("reserve");
            Assert.True(File.Exists(reserve));
            _disk.Fault = step => step.Call is Call.Write or Call.Create && Volatile.Read(ref isFull) && (File.Exists(reserve) || step.Path.StartsWith("reserve", StringComparison.Ordinal)) ? Full : 0;
            Volatile.Write(ref isFull, true);

            Assert.True(store.TryAppend(LogFolder.Record(1, isOwed: true)));
            Assert.True(await store.SettleAsync(CancellationToken.None));
            Assert.False(File.Exists(reserve));
            Assert.False(store.TryAppend(LogFolder.Record(-1)));
            Assert.Contains("free space", store.Health.Fault, StringComparison.Ordinal);

            Volatile.Write(ref isFull, false);
            await _watcher.WaitForAsync(AuditStoreEventKind.Recovered);
            Assert.True(File.Exists(reserve));
            Assert.True(store.TryAppend(LogFolder.Record(2)));
        }

        Assert.Equal([0, 1, 2], _folder.Numbers());
    }

    [Fact]
    public async Task A_log_that_is_closed_while_its_disk_refuses_ends_and_what_was_confirmed_is_there()
    {
        AuditStore store = Open();
        await KeepAsync(store, 0);
        _disk.Fault = static _ => Io;
        store.TryAppend(LogFolder.Record(1, isOwed: true));

        await store.DisposeAsync();

        Assert.False(store.TryAppend(LogFolder.Record(2)));
        Assert.False(store.TryAppend(LogFolder.Record(2, isOwed: true)));
        Assert.False(await store.SettleAsync(CancellationToken.None));
        await using (AuditStore again = _folder.Open()) await again.SettleAsync(CancellationToken.None);
        Assert.Equal([0], _folder.Numbers());
    }

    private static bool IsJournal(DiskStep step) => step.Path.StartsWith("journal", StringComparison.Ordinal);

    private AuditStore Open() => AuditStore.Open(_folder.Options, TimeProvider.System, _watcher.Observe, _disk);

    private static async Task KeepAsync(AuditStore store, int number)
    {
        Assert.True(store.TryAppend(LogFolder.Record(number)));
        Assert.True(await store.SettleAsync(CancellationToken.None));
    }

    /// <summary>Until the log takes it: a fault of the round before may not be over.</summary>
    private static async Task<bool> PlacedAsync(AuditStore store, int number)
    {
        while (!store.TryAppend(LogFolder.Record(number))) await Task.Delay(5);
        return true;
    }

    private static async Task SettledAsync(AuditStore store)
    {
        while (!await store.SettleAsync(CancellationToken.None) || !store.Health.IsWritable) await Task.Delay(5);
    }
}
