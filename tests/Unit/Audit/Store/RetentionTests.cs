using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Proofs;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Store;
using Spiffe.Agent.Audit.Tiles;
using Spiffe.Agent.Tests.TestKit.Time;

namespace Spiffe.Agent.Tests.Unit.Audit.Store;

/// <summary>Old entries go, their hashes stay: everything that was ever proved can still be.</summary>
public sealed class RetentionTests : IDisposable
{
    private readonly LogFolder _folder = new();
    private readonly Watcher _watcher = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Beyond_so_many_bytes_the_oldest_bundles_go_and_the_log_says_so_first()
    {
        await using AuditStore store = Open(new AuditRetention { MaxBytes = 150_000 });
        List<byte[]> entries = await FillAsync(store, 1_500);

        long below = await CutAsync();

        Assert.True(below is >= 256 and <= 1_500 - 256 && below % 256 == 0, $"{below}");
        Assert.Equal(Enumerable.Range(0, 6).Select(bundle => bundle * 256 >= below), Enumerable.Range(0, 6).Select(bundle => File.Exists(_folder.File(TilePath.Entries(bundle))) || Directory.Exists(_folder.File(TilePath.Entries(bundle) + ".p"))));
        Assert.Equal(Enumerable.Range(0, 6).Select(bundle => bundle * 256 >= below), Enumerable.Range(0, 6).Select(bundle => File.Exists(_folder.File(TilePath.Bodies(bundle)))));
        Checkpoint head = _folder.Head();
        ReadOnlyMemory<byte> last = new TileReader(_folder.Path, head.Size).Entries(head.Size / 256)[^1];
        Assert.True(RecordEntry.TryRead(last, out RecordEntry? said, out _));
        Assert.Equal((RecordTypes.LogCut, below), (said.Type, said.Data.GetProperty("below").GetInt64()));

        foreach (int index in (int[])[0, 1, (int)below - 1, (int)below, 1_499])
        {
            LogProof proof = await store.ProveAsync(index, CancellationToken.None);
            Assert.True(proof.Verify(entries[index], store.Keys[0], []).Accepted);
        }

        Frontier older = new();
        foreach (byte[] entry in entries.Take(100)) older.Append(TreeHasher.Leaf(entry));
        Assert.True(ConsistencyProof.Verify(100, older.Root, head.Size, head.Root, ConsistencyProof.Of(100, head.Size, new TileReader(_folder.Path, head.Size).Node)));
    }

    [Fact]
    public async Task What_is_too_old_goes_but_never_the_newest_256()
    {
        await using AuditStore store = Open(new AuditRetention { MaxAge = TimeSpan.FromDays(30) });
        await FillAsync(store, 600);
        _time.Pass(TimeSpan.FromDays(1));
        Assert.True(File.Exists(_folder.File(TilePath.Entries(0))));
        _time.SetClock(TimeSpan.FromDays(365));

        Assert.Equal(256, await CutAsync());

        Assert.False(File.Exists(_folder.File(TilePath.Entries(0))));
        Assert.True(File.Exists(_folder.File(TilePath.Entries(1))));
    }

    [Fact]
    public async Task A_log_that_was_cut_is_opened_and_goes_on_and_is_cut_again()
    {
        await using (AuditStore store = Open(new AuditRetention { MaxBytes = 150_000 }))
        {
            await FillAsync(store, 1_500);
            await CutAsync();
        }

        await using AuditStore again = Open(new AuditRetention { MaxBytes = 60_000 });
        await FillAsync(again, 300);
        while (await CutAsync() < 1_280)
        {
            Assert.True(File.Exists(_folder.File(TilePath.Entries(5)))); // Not all of it at once.
        }

        Assert.False(File.Exists(_folder.File(TilePath.Entries(4))));
        Assert.True((await again.ProveAsync(3, CancellationToken.None)).Path.Length > 5);
    }

    private AuditStore Open(AuditRetention keep) => AuditStore.Open(
        new AuditStoreOptions { Directory = _folder.Path, Origin = LogFolder.Origin, Keep = keep, Limits = new AuditStoreLimits { ReserveBytes = 0 } }, _time, _watcher.Observe);

    /// <summary>Writes and publishes, and gives the entries.</summary>
    private async Task<List<byte[]>> FillAsync(AuditStore store, int records)
    {
        for (int i = 0; i < records; i++) Assert.True(store.TryAppend(LogFolder.Record(i, i % 3 == 0 ? "text" : null) with { At = _time.GetUtcNow() }));
        Assert.True(await store.SettleAsync(CancellationToken.None));
        Task published = store.ProveAsync(store.Health.Size - 1, CancellationToken.None);
        _time.Pass(TimeSpan.FromSeconds(1));
        await published;
        Checkpoint head = _folder.Head();
        TileReader tree = new(_folder.Path, head.Size);
        long first = Enumerable.Range(0, (int)head.Size / 256).TakeWhile(bundle => !File.Exists(_folder.File(TilePath.Entries(bundle)))).Count();
        List<byte[]> entries = [];
        for (long bundle = first; bundle * 256 < head.Size; bundle++) entries.AddRange(tree.Entries(bundle).Select(entry => entry.ToArray()));
        return entries;
    }

    private async Task<long> CutAsync()
    {
        Task<AuditStoreEvent> cut = _watcher.WaitForAsync(AuditStoreEventKind.Cut);
        while (!cut.IsCompleted)
        {
            _time.Pass(TimeSpan.FromSeconds(61));
            await Task.WhenAny(cut, Task.Delay(20));
        }

        return (await cut).Index;
    }
}
