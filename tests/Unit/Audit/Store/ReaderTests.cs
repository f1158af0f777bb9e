using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Store;
using Spiffe.Agent.Audit.Tiles;

namespace Spiffe.Agent.Tests.Unit.Audit.Store;

/// <summary>Readers and the writer never wait for each other, and a reader sees a whole log whenever it looks.</summary>
public sealed class ReaderTests : IDisposable
{
    private readonly LogFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Whenever_a_reader_looks_it_sees_the_whole_log_of_the_head_that_it_read()
    {
        await using AuditStore store = _folder.Open();
        using CancellationTokenSource stop = new();
        Task writing = Task.Run(async () =>
        {
            for (int i = 0; !stop.IsCancellationRequested; i++)
            {
                Assert.True(store.TryAppend(LogFolder.Record(i)));
                if (i % 7 == 0) Assert.True(await store.SettleAsync(CancellationToken.None));
            }
        });
        long size = 0;
        for (int looked = 0; looked < 15; looked++)
        {
            long wanted = size + 1;
            await store.ProveAsync(wanted, CancellationToken.None);
            size = _folder.Entries().Count;
            Assert.True(size > wanted - 1);
        }

        await stop.CancelAsync();
        await writing;
    }

    /// <summary>A reader that opened everything, holds it locked as .NET and flock(1) do, and reads no further.</summary>
    [Fact]
    public async Task A_reader_that_stops_in_the_middle_keeps_nobody_from_writing()
    {
        await using AuditStore store = _folder.Open();
        await KeepAsync(store, 0, 300);
        List<FileStream> held = [.. Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Where(file => file != _folder.File("lock")).Select(file => new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read))];
        Assert.Contains(held, file => file.Name == _folder.File("checkpoint"));

        await KeepAsync(store, 300, 300);

        Assert.Equal(Enumerable.Range(0, 600), _folder.Numbers());
        foreach (FileStream file in held) await file.DisposeAsync();
    }

    [Fact]
    public async Task Who_reads_by_an_older_head_still_finds_its_partial_tiles()
    {
        await using AuditStore store = _folder.Open();
        await KeepAsync(store, 0, 100);
        Checkpoint older = _folder.Head();
        await KeepAsync(store, 100, 400);

        TileReader reader = new(_folder.Path, older.Size);
        Assert.Equal(older.Root, reader.Root);
        Assert.True(File.Exists(_folder.File(TilePath.Entries(0, 100))));
        Assert.Equal(100, reader.Entries(0).Count);
    }

    [Fact]
    public async Task What_is_settled_costs_nothing_to_ask_again()
    {
        await using AuditStore store = _folder.Open();
        await KeepAsync(store, 0, 10);
        for (int i = 0; i < 100; i++) Assert.True(await store.SettleAsync(CancellationToken.None));
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int i = 0; i < 1_000; i++) await store.SettleAsync(CancellationToken.None);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static async Task KeepAsync(AuditStore store, int from, int count)
    {
        for (int i = from; i < from + count; i++) Assert.True(store.TryAppend(LogFolder.Record(i)));
        Assert.True(await store.SettleAsync(CancellationToken.None));
        await store.ProveAsync(store.Health.Size - 1, CancellationToken.None);
    }
}
