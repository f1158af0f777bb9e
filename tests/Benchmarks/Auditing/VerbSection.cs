using System.Diagnostics;
using Spiffe.Agent.Audit.Store;

namespace Spiffe.Agent.Tests.Benchmarks.Auditing;

/// <summary>How long <c>audit verify</c> takes as it is typed, from the start of the process to its end.</summary>
internal static class VerbSection
{
    private const int Tasks = 20_000;
    private const int Rounds = 5;

    public static void Run(string program)
    {
        string directory = Directory.CreateTempSubdirectory("bench-verb-").FullName;
        try
        {
            (long entries, long bodies) = MakeAsync(Path.Combine(directory, "log")).GetAwaiter().GetResult();
            Console.WriteLine($"{entries:N0} entries, {bodies:N0} with a body, {Environment.ProcessorCount} cores");
            Print("start alone (audit verify --help)", entries: 0, [.. Enumerable.Range(0, Rounds).Select(_ => Time(program, "audit", "verify", "--help"))]);
            Print("audit verify --no-replay", entries, [.. Enumerable.Range(0, Rounds).Select(_ => Time(program, "audit", "verify", Path.Combine(directory, "log"), "--no-replay"))]);
            Print("audit verify", entries, [.. Enumerable.Range(0, Rounds).Select(_ => Time(program, "audit", "verify", Path.Combine(directory, "log")))]);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<(long Entries, long Bodies)> MakeAsync(string directory)
    {
        await using AuditStore store = AuditStore.Open(new AuditStoreOptions { Directory = directory, Origin = "example.org/bench" }, TimeProvider.System);
        (long entries, long bodies) = (0, 0);
        foreach (AuditRecord record in BenchLog.Of(Tasks))
        {
            while (!store.TryAppend(record)) await store.SettleAsync(CancellationToken.None);
            (entries, bodies) = (entries + 1, bodies + (record.Body is null ? 0 : 1));
        }

        return await store.SettleAsync(CancellationToken.None) ? (entries, bodies) : throw new InvalidOperationException(store.Health.Fault);
    }

    private static double Time(string program, params string[] arguments)
    {
        long start = Stopwatch.GetTimestamp();
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? Stopwatch.GetElapsedTime(start).TotalSeconds : throw new InvalidOperationException($"{process.ExitCode}: {said}");
    }

    private static void Print(string name, long entries, double[] seconds)
    {
        Array.Sort(seconds);
        Console.WriteLine($"{name,-36} {seconds[0],6:F2} s [to {seconds[^1]:F2}]{(entries == 0 ? "" : $" {entries / seconds[0],11:N0} entries/s")}");
    }
}
