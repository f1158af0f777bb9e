using System.Diagnostics;

namespace Spiffe.Agent.Tests.Benchmarks;

/// <summary>Measures several things beside each other: in turns, in short rounds, and by the best round: what it costs when nobody disturbs.</summary>
internal static class Stopclock
{
    private const int Rounds = 201;

    /// <summary>Microseconds for one call of each, and bytes allocated.</summary>
    public static IReadOnlyList<(string Name, double Microseconds, long Bytes)> Measure(int calls, params (string Name, Action Run)[] things)
    {
        double[][] times = [.. things.Select(_ => new double[Rounds])];
        long[] bytes = new long[things.Length];
        foreach ((_, Action run) in things) Repeat(run, calls);
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < things.Length; i++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                long start = Stopwatch.GetTimestamp();
                Repeat(things[i].Run, calls);
                times[i][round] = Stopwatch.GetElapsedTime(start).TotalMicroseconds / calls;
                bytes[i] = (GC.GetAllocatedBytesForCurrentThread() - before) / calls;
            }
        }

        return [.. things.Select((thing, i) => (thing.Name, times[i].Min(), bytes[i]))];
    }

    public static void Print(IReadOnlyList<(string Name, double Microseconds, long Bytes)> results, double floor)
    {
        foreach ((string name, double microseconds, long bytes) in results)
        {
            Console.WriteLine($"{name,-44} {microseconds,9:F1} us {bytes,7} B   {microseconds / floor:F2} x floor");
        }
    }

    private static void Repeat(Action run, int calls)
    {
        for (int i = 0; i < calls; i++) run();
    }
}
