using System.Diagnostics;
using System.Security.Cryptography;
using Spiffe.Agent.Issuance.Admission;
using Spiffe.Agent.Issuance.Tasks;

namespace Spiffe.Agent.Tests.Benchmarks.Tasks;

/// <summary>What it costs to begin a task, to ask before each step, to have ten thousand of them; and how long after the end of a process its last credential counts.</summary>
internal static class TaskSection
{
    private const int Calls = 10_000;
    private const int Starts = 3_000;
    private const int Ends = 300;
    private const int Many = 10_000;
    private const int Rounds = 20;

    /// <summary>Signatures that take about as long as the question: how often the machine interrupts what takes so long.</summary>
    private const int AsLong = 4;

    /// <summary>Descriptors of anything but tasks.</summary>
    private const int Spare = 300;

    public static void Run() => RunAsync().GetAwaiter().GetResult();

    private static async Task RunAsync()
    {
        using (TaskWorld quiet = new(log: null)) await MeasureActionsAsync(quiet, "the log off");
        using LogFile<TaskLog> log = new();
        using TaskWorld world = new(log);
        await MeasureActionsAsync(world, "the log on");
        await MeasureTogetherAsync(world);
        await MeasureStartsAsync(world);
        await MeasureEndsAsync(world);
        await MeasureManyAsync(world);
    }

    private static async Task MeasureActionsAsync(TaskWorld world, string how)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] data = new byte[1000];
        string task = await world.StartAsync();
        for (int i = 0; i < 2_000; i++) await world.AuthorizeAsync(world.Self, task); // Until the compiler is done.
        double[] floor = new double[Calls], same = new double[Calls], asked = new double[Calls];
        long bytes = 0;
        for (int i = 0; i < Calls; i++)
        {
            // In turns, so that whoever disturbs the machine disturbs both.
            long start = Stopwatch.GetTimestamp();
            _ = key.SignData(data, HashAlgorithmName.SHA256);
            floor[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            start = Stopwatch.GetTimestamp();
            for (int again = 0; again < AsLong; again++) _ = key.SignData(data, HashAlgorithmName.SHA256);
            same[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            long before = GC.GetAllocatedBytesForCurrentThread();
            start = Stopwatch.GetTimestamp();
            await world.AuthorizeAsync(world.Self, task);
            asked[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            bytes += GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Print("floor: one P-256 signature", floor);
        Print("as long, and nothing but signatures", same);
        Print($"AuthorizeAction, {how} ({bytes / Calls} B)", asked);
        Console.WriteLine($"{"",-44} {Median(asked) / Median(floor):F2} x floor");
    }

    private static async Task MeasureTogetherAsync(TaskWorld world)
    {
        foreach (bool isOne in (bool[])[false, true])
        {
            string first = await world.StartAsync();
            string[] tasks = [first, isOne ? first : await world.StartAsync()];
            long start = Stopwatch.GetTimestamp();
            await Task.WhenAll(tasks.Select(task => Task.Run(async () =>
            {
                for (int i = 0; i < Calls; i++) await world.AuthorizeAsync(world.Self, task);
            })));
            Console.WriteLine($"AuthorizeAction, two threads, {(isOne ? "one task" : "two tasks"),-14} {2 * Calls / Stopwatch.GetElapsedTime(start).TotalSeconds,9:F0} per second");
        }
    }

    private static async Task MeasureStartsAsync(TaskWorld world)
    {
        double[] times = new double[Starts];
        for (int i = -500; i < Starts; i++)
        {
            long start = Stopwatch.GetTimestamp();
            string task = await world.StartAsync();
            if (i >= 0) times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            await world.Tasks.CompleteAsync(world.Self, task, "", CancellationToken.None);
        }

        Print("StartTask", times);
    }

    /// <summary>From the signal to the first moment at which the token is refused, as its verifier sees it.</summary>
    private static async Task MeasureEndsAsync(TaskWorld world)
    {
        double[] times = new double[Ends];
        for (int i = 0; i < Ends; i++)
        {
            using Process worker = Process.Start("sleep", "600");
            using Caller caller = TaskWorld.CallerOf(worker.Id);
            string task = await world.StartAsync(worker.Id);
            string token = await world.AuthorizeAsync(caller, task);
            if (!world.Tasks.VerifyToken(token, TaskWorld.Audience, consume: false).IsValid) throw new InvalidOperationException("a token that is not valid");
            long start = Stopwatch.GetTimestamp();
            worker.Kill();
            while (world.Tasks.VerifyToken(token, TaskWorld.Audience, consume: false).IsValid) await Task.Yield();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            await worker.WaitForExitAsync();
            await world.Tasks.FailAsync(world.Self, task, "", CancellationToken.None);
        }

        Print("end of a process to its last token refused", times);
    }

    private static async Task MeasureManyAsync(TaskWorld world)
    {
        int tasks = Math.Min(Many, (Limit() - Directory.GetFiles("/proc/self/fd").Length - Spare) / 2);
        string last = "";
        long heap = GC.GetTotalMemory(forceFullCollection: true), resident = Resident();
        for (int i = 0; i < tasks; i++) last = await world.StartAsync();
        Console.WriteLine($"{tasks:N0} live tasks: {(GC.GetTotalMemory(forceFullCollection: true) - heap) / tasks:N0} B of heap and {(Resident() - resident) / tasks:N0} B resident for each, with its descriptors held");
        double[] times = new double[Calls];
        for (int i = 0; i < Calls; i++)
        {
            long start = Stopwatch.GetTimestamp();
            await world.AuthorizeAsync(world.Self, last);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }

        Print("AuthorizeAction beside them", times);
    }

    private static int Limit() => int.Parse(File.ReadLines("/proc/self/limits").First(line => line.StartsWith("Max open files", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[3], System.Globalization.CultureInfo.InvariantCulture);

    private static long Resident() => long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture) * Environment.SystemPageSize;

    private static double Median(double[] times) => times.Order().ElementAt(times.Length / 2);

    /// <summary>Of all calls, and p99 of the round of a twentieth of them that was disturbed least: on a shared machine whatever takes longer is preempted more often.</summary>
    private static void Print(string what, double[] times)
    {
        double[] sorted = [.. times.Order()];
        double quiet = times.Chunk(times.Length / Rounds).Min(round => round.Order().ElementAt((int)(round.Length * 0.99)));
        Console.WriteLine($"{what,-44} {sorted[sorted.Length / 2],9:F1} us p50 {sorted[(int)(sorted.Length * 0.99)],9:F1} us p99 {quiet,9:F1} us p99 of the best round");
    }
}
