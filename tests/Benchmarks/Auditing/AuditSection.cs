using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Store;
using Spiffe.Agent.Issuance.Journal;
using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Tests.Benchmarks.Tasks;

namespace Spiffe.Agent.Tests.Benchmarks.Auditing;

/// <summary>What it costs that everything is written down first: how many records a second, and how much later an issuance leaves.</summary>
internal static class AuditSection
{
    private const int Records = 200_000;
    private const int Together = 64; // Records between two waits of one producer.
    private const int Rate = 1_000; // Issuances a second.
    private const int Seconds = 4; // Of one round.
    private const int Rounds = 4;

    public static void Run() => RunAsync().GetAwaiter().GetResult();

    private static async Task RunAsync()
    {
        string folder = Directory.CreateTempSubdirectory("audit-bench-").FullName;
        try
        {
            await MeasureIssuanceAsync(Path.Combine(folder, "issuance")); // First: what the rest leaves to be written back to the disk would be in it.
            MeasureDisk(folder);
            foreach (int producers in (int[])[1, 8]) await MeasureRecordsAsync(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"records-{producers}")), producers);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The same bytes hashed twice and written by one thread, made safe in groups: what no log can do without.</summary>
    private static void MeasureDisk(string folder)
    {
        byte[] record = RandomNumberGenerator.GetBytes(800);
        using FileStream file = new(Path.Combine(folder, "floor"), new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 });
        byte[] group = new byte[record.Length * 1_000];
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Records; i++)
        {
            SHA256.HashData(record);
            SHA256.HashData(record);
            if (i % 1_000 != 999) continue;
            file.Write(group);
            file.Flush(flushToDisk: true);
        }

        Console.WriteLine($"floor: two hashes, one write, one fsync a thousand    {Records / Stopwatch.GetElapsedTime(start).TotalSeconds,9:F0} per second");
    }

    private static async Task MeasureRecordsAsync(string folder, int producers)
    {
        await using AuditStore store = Open(folder);
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, producers).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < Records / producers; i++)
            {
                AuditRecord record = new(RecordTypes.TaskPermitted, DateTimeOffset.UnixEpoch, Fields(i)) { Body = i % 2 == 0 ? new string('b', 600) : null };
                while (!store.TryAppend(record)) await store.SettleAsync(CancellationToken.None);
                if (i % Together == 0 && !await store.SettleAsync(CancellationToken.None)) throw new InvalidOperationException(store.Health.Fault);
            }
        })));
        if (!await store.SettleAsync(CancellationToken.None)) throw new InvalidOperationException(store.Health.Fault);
        Console.WriteLine($"records of 0.7 kB, half with a body, {producers} producers      {Records / Stopwatch.GetElapsedTime(start).TotalSeconds,9:F0} per second");
    }

    private static async Task MeasureIssuanceAsync(string folder)
    {
        await using AuditStore store = Open(folder);
        using TaskWorld without = new(new TaskLog(NullLogger<TaskLog>.Instance)), with = new(new AuditJournal(store, new TaskLog(NullLogger<TaskLog>.Instance)));
        string first = await without.StartAsync(), second = await with.StartAsync();
        await PacedAsync(without, first);
        await PacedAsync(with, second);
        List<double> off = [], on = [], floor = [];
        using FileStream file = new(Path.Combine(folder, "..", "fsync"), new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 });
        byte[] block = new byte[2_000];
        for (int round = 0; round < Rounds; round++)
        {
            // In turns, so that whoever disturbs the machine disturbs all.
            off.AddRange(await PacedAsync(without, first));
            on.AddRange(await PacedAsync(with, second));
            for (int i = 0; i < 500; i++)
            {
                long start = Stopwatch.GetTimestamp();
                file.Write(block);
                file.Flush(flushToDisk: true);
                floor.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        Print("floor: 2 kB written and made safe", floor);
        Print(string.Create(CultureInfo.InvariantCulture, $"AuthorizeAction at {Rate} a second, no log"), off);
        Print(string.Create(CultureInfo.InvariantCulture, $"AuthorizeAction at {Rate} a second, written first"), on);
        Console.WriteLine($"{"",-48} p99 + {At(on, 0.99) - At(off, 0.99):F2} ms");
    }

    /// <summary>Asks at moments that were fixed before, whatever became of the question before: who is late waits, and that counts.</summary>
    private static async Task<List<double>> PacedAsync(TaskWorld world, string task)
    {
        double[] times = new double[Rate * Seconds];
        Task[] asked = new Task[times.Length];
        Thread pace = new(() => Pace(world, task, times, asked)) { Name = "pace" };
        pace.Start();
        await Task.Run(pace.Join);
        await Task.WhenAll(asked);
        return [.. times];
    }

    // A thread of its own: the runtime's timers are some milliseconds late.
    private static void Pace(TaskWorld world, string task, double[] times, Task[] asked)
    {
        using ManualResetEvent never = new(initialState: false);
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < times.Length; i++)
        {
            long due = start + (i * Stopwatch.Frequency / Rate);
            while (Stopwatch.GetTimestamp() < due) never.WaitOne(1);
            int which = i;
            asked[i] = Task.Run(async () =>
            {
                await world.AuthorizeAsync(world.Self, task);
                times[which] = Stopwatch.GetElapsedTime(due).TotalMilliseconds;
            });
        }
    }

    private static AuditStore Open(string folder) => AuditStore.Open(new AuditStoreOptions { Directory = folder, Origin = "example.org/bench" }, TimeProvider.System);

    private static RecordFields Fields(int i) => new RecordFields()
        .Add(RecordNames.Id, "spiffe://example.org/agent/work/task/idyraeqn2jiwjuc4diijwps3ja").Add(RecordNames.Task, "idyraeqn2jiwjuc4diijwps3ja").Add(RecordNames.Root, "idyraeqn2jiwjuc4diijwps3ja")
        .Add(RecordNames.Template, "work").Add(RecordNames.Owner, "team-a").Add(RecordNames.State, "ACTIVE").Add(RecordNames.Generation, i).Add(RecordNames.Trigger, "action")
        .Add(RecordNames.Action, "read").Add(RecordNames.Resource, "https://git.example/x/file").Add(RecordNames.Audience, "repo-api").Add(RecordNames.Decision, "08f599c27267ae534ffe3bfe228efc34")
        .Add(RecordNames.Verdict, "permit").Add(RecordNames.PolicyDigest, "sha256:8d05d895b21e7686e4f69b44b155f00280a39305662c09947868e013d8e7eb16").Add(RecordNames.InputDigest, "JMdlqmFYWTqXyhWe4Ydj_ZF30FHoLHADDtovVCKTfyM")
        .Add(RecordNames.CredentialKind, "action_token").Add(RecordNames.Credential, "lgVnlqRa8TalGLWQaENd7g").Add(RecordNames.ExpiresAt, DateTimeOffset.UnixEpoch);

    private static void Print(string what, List<double> milliseconds) =>
        Console.WriteLine($"{what,-48} p50 {At(milliseconds, 0.5),7:F2} ms   p99 {At(milliseconds, 0.99),7:F2} ms");

    private static double At(List<double> values, double share) => values.Order().ElementAt((int)(share * (values.Count - 1)));
}
