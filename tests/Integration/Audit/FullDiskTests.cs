using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Store;
using Spiffe.Agent.Tests.TestKit.Requirements;

namespace Spiffe.Agent.Tests.Integration.Audit;

/// <summary>A real disk that is full: rights are not given any more, ends and revocations are still written, and with room it goes on by itself.</summary>
public sealed class FullDiskTests
{
    private const int MaxOwed = 40;

    private static readonly AuditStoreLimits Limits = new() { ReserveBytes = 128 << 10, Period = TimeSpan.FromMilliseconds(30), MaxWaiting = 20, MaxOwed = MaxOwed };

    [RequiresRootFact("mount", "umount")]
    public async Task On_a_full_disk_rights_are_refused_and_what_is_owed_is_written_into_the_reserve_then_kept_then_counted()
    {
        using SmallDisk disk = new();
        int number = 0;
        await using (AuditStore store = WrittenLog.Open(disk.Log, Limits))
        {
            for (; number < 10; number++) Assert.True(store.TryAppend(Record(number)));
            Assert.True(await store.SettleAsync(CancellationToken.None));
            disk.Fill();

            // The first that meets the full disk gets through by the reserve; from then on only what is owed.
            while (store.TryAppend(Record(number)))
            {
                number++;
                Assert.True(await store.SettleAsync(CancellationToken.None));
            }

            Assert.Contains("free space", store.Health.Fault, StringComparison.Ordinal);
            Assert.False(File.Exists(Path.Combine(disk.Log, "reserve")));
            for (int i = 0; i < 20; i++) Assert.True(store.TryAppend(Record(number++, isOwed: true)));
            Assert.True(await store.SettleAsync(CancellationToken.None));

            // The reserve is used up, too: what is owed waits, and what is beyond the bound is counted.
            int kept = number;
            do
            {
                disk.Fill();
                Assert.True(store.TryAppend(Record(number++, isOwed: true)));
            }
            while (await store.SettleAsync(CancellationToken.None) && number < kept + 10_000);

            for (int i = 0; i < 2 * MaxOwed; i++) Assert.True(store.TryAppend(Record(number++, isOwed: true)));
            Assert.False(await store.SettleAsync(CancellationToken.None));
            Assert.InRange(store.Health.Lost, 1, 2 * MaxOwed);

            disk.Free();
            while (!store.Health.IsWritable || !await store.SettleAsync(CancellationToken.None)) await Task.Delay(10);
            Assert.True(File.Exists(Path.Combine(disk.Log, "reserve")));
            Assert.True(store.TryAppend(Record(number++)));
        }

        IReadOnlyList<RecordEntry> entries = WrittenLog.Entries(disk.Log);
        RecordEntry gap = entries.Single(entry => entry.Type == RecordTypes.LogGap);
        int lost = gap.Data.GetProperty("lost").GetInt32();
        Assert.Equal([.. Enumerable.Range(0, number - 1 - lost), number - 1], WrittenLog.Numbers(entries));
    }

    [RequiresRootFact("mount", "umount")]
    public async Task A_log_that_is_opened_on_a_full_disk_writes_what_is_owed_and_gives_no_rights()
    {
        using SmallDisk disk = new();
        await using (AuditStore store = WrittenLog.Open(disk.Log, Limits)) Assert.True(store.TryAppend(Record(0)));
        File.Delete(Path.Combine(disk.Log, "reserve"));
        disk.Fill(spared: 100 << 10);

        await using (AuditStore store = WrittenLog.Open(disk.Log, Limits))
        {
            Assert.False(store.TryAppend(Record(-1)));
            Assert.True(store.TryAppend(Record(1, isOwed: true)));
            Assert.True(await store.SettleAsync(CancellationToken.None));
        }

        Assert.Equal([0, 1], WrittenLog.Numbers(WrittenLog.Entries(disk.Log)));
    }

    [RequiresRootFact("mount", "umount")]
    public async Task A_read_only_file_system_is_refused_with_what_to_do()
    {
        using SmallDisk disk = new();
        await using (AuditStore store = WrittenLog.Open(disk.Log, Limits)) Assert.True(store.TryAppend(Record(0)));
        disk.MakeReadOnly();

        AuditStoreException refused = Assert.Throws<AuditStoreException>(() => WrittenLog.Open(disk.Log, Limits));

        Assert.Equal((disk.Log, true), (refused.Place, refused.Remedy.Contains("writable", StringComparison.Ordinal)));
        Assert.Equal([0], WrittenLog.Numbers(WrittenLog.Entries(disk.Log)));
    }

    private static AuditRecord Record(int number, bool isOwed = false) =>
        new(RecordTypes.TaskPermitted, DateTimeOffset.UnixEpoch, new RecordFields().Add("number", number).Add("text", new string('x', 300))) { IsOwed = isOwed };
}
