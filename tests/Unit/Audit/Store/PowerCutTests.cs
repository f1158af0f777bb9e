using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Store;
using Spiffe.Agent.Tests.Unit.Audit.Store.Disks;

namespace Spiffe.Agent.Tests.Unit.Audit.Store;

/// <summary>Power is lost between any two steps. What was acknowledged is there afterwards, and the log is whole.</summary>
public sealed class PowerCutTests : IDisposable
{
    private const int Seeds = 3;

    private readonly DirectoryInfo _directory = Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"audit-{Guid.NewGuid():n}"));
    private int _next;

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Nothing_that_was_acknowledged_is_lost_and_the_log_goes_on()
    {
        IReadOnlyList<DiskStep> steps = await WriteAsync(rotates: true);
        int torn = 0;

        for (int cut = 0; cut <= steps.Count; cut++)
        {
            for (int seed = 1; seed <= Seeds; seed++) torn += await ReopenAsync(steps, cut, seed);
        }

        Assert.True(torn > 0, "no cut tore anything");
    }

    /// <summary>The recovery is cut as well.</summary>
    [Fact]
    public async Task Power_that_is_lost_again_while_the_log_is_opened_loses_nothing_either()
    {
        IReadOnlyList<DiskStep> steps = await WriteAsync(rotates: true);
        for (int cut = 5; cut <= steps.Count; cut += 7)
        {
            string first = NewFolder();
            new PowerCut(cut).Leave(steps.Take(cut), first);
            ScriptedDisk again = new(first);
            List<DiskStep> both = [.. Present(first)];
            await using (AuditStore store = AuditStore.Open(Options(first), TimeProvider.System, null, again)) await store.SettleAsync(CancellationToken.None);
            IReadOnlyList<DiskStep> second = again.Steps;
            int until = cut * 31 % (second.Count + 1);
            both.AddRange(second.Take(until));
            both.AddRange(steps.Take(cut).Where(step => step.Call == Call.Acknowledge));

            await ReopenAsync(both, both.Count, cut + 1);
        }
    }

    /// <summary>The same store on a disk that is never asked to make the journal safe: what many a program does.</summary>
    [Fact]
    public async Task Without_fsync_before_the_acknowledgement_something_is_lost()
    {
        IReadOnlyList<DiskStep> steps = await WriteAsync(rotates: false);
        DiskStep[] naive = [.. steps.Where(step => !(step.Call == Call.Sync && step.Path.StartsWith("journal/", StringComparison.Ordinal)))];

        Assert.True(await LosesAsync(naive));
    }

    /// <summary>The same store on a disk where files are renamed to their places before they are safe.</summary>
    [Fact]
    public async Task Without_fsync_before_renaming_something_is_lost()
    {
        IReadOnlyList<DiskStep> steps = await WriteAsync(rotates: false);
        DiskStep[] naive = [.. steps.Where(step => !(step.Call == Call.Sync && step.Path.StartsWith("pending/", StringComparison.Ordinal)))];

        Assert.True(await LosesAsync(naive));
    }

    private async Task<bool> LosesAsync(DiskStep[] steps)
    {
        for (int cut = 0; cut <= steps.Length; cut++)
        {
            for (int seed = 1; seed <= Seeds; seed++)
            {
                try
                {
                    await ReopenAsync(steps, cut, seed);
                }
                catch (Exception e) when (e is AuditStoreException or Xunit.Sdk.XunitException)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>A run with groups, publications, a full bundle, bodies, and perhaps another key, all of its steps written down.</summary>
    private async Task<IReadOnlyList<DiskStep>> WriteAsync(bool rotates)
    {
        ScriptedDisk disk = new(NewFolder());
        AuditStore store = AuditStore.Open(Options(disk.Root), TimeProvider.System, null, disk);
        int number = 0;
        foreach (int group in (int[])[1, 2, 120, 1, 140, 3])
        {
            for (int i = 0; i < group; i++) Assert.True(store.TryAppend(LogFolder.Record(number++, number % 40 == 0 ? $"text {number}" : null)));
            Assert.True(await store.SettleAsync(CancellationToken.None));
            disk.Acknowledge(number);
            if (group < 100) await store.ProveAsync(store.Health.Size - 1, CancellationToken.None);
            if (rotates && group == 140) await store.RotateKeyAsync();
        }

        await store.DisposeAsync();
        return disk.Steps;
    }

    private async Task<int> ReopenAsync(IReadOnlyList<DiskStep> steps, int cut, int seed)
    {
        string folder = NewFolder();
        new PowerCut((cut * 7919) + seed).Leave(steps.Take(cut), folder);
        int acknowledged = (int)steps.Take(cut).Where(step => step.Call == Call.Acknowledge).Select(step => step.Number).DefaultIfEmpty().Max();
        await using (AuditStore store = AuditStore.Open(Options(folder), TimeProvider.System))
        {
            Assert.True(store.TryAppend(LogFolder.Record(-1)));
            Assert.True(await store.SettleAsync(CancellationToken.None));
        }

        IReadOnlyList<RecordEntry> entries = LogFolder.Entries(folder);
        int[] numbers = [.. LogFolder.Numbers(entries)];
        Assert.Equal(-1, numbers[^1]);
        Assert.Equal(Enumerable.Range(0, numbers.Length - 1), numbers[..^1]);
        Assert.True(numbers.Length - 1 >= acknowledged, $"cut {cut}, seed {seed}: {numbers.Length - 1} of {acknowledged} are left");
        BodyStore bodies = new(folder);
        Assert.All(entries.Where(entry => entry.Data.TryGetProperty("body", out _)), entry => Assert.NotNull(bodies.Read(entry.Seq, entry.Data.GetProperty("body").GetString()!)));
        Directory.Delete(folder, recursive: true);
        return (int)entries.Where(entry => entry.Type == RecordTypes.LogOpened).Sum(entry => entry.Data.GetProperty("torn").GetInt64());
    }

    /// <summary>The files of a directory as steps that made them safe.</summary>
    private static IEnumerable<DiskStep> Present(string folder)
    {
        int file = 1_000_000;
        foreach (string path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder, path)))
        {
            yield return new DiskStep(Call.Create, ++file, path);
            yield return new DiskStep(Call.Write, file, path, Bytes: File.ReadAllBytes(Path.Combine(folder, path)));
            yield return new DiskStep(Call.Sync, file, path);
            yield return new DiskStep(Call.SyncDirectory, Path: Path.GetDirectoryName(path)!);
        }
    }

    private static AuditStoreOptions Options(string directory) =>
        new() { Directory = directory, Origin = LogFolder.Origin, Limits = new AuditStoreLimits { ReserveBytes = 0, Period = TimeSpan.FromMilliseconds(5), PartialTilesStay = TimeSpan.Zero } };

    private string NewFolder() => _directory.CreateSubdirectory($"{_next++}").FullName;
}
