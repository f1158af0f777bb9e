using System.Diagnostics;

namespace Spiffe.Agent.Tests.Benchmarks.Daemon;

/// <summary>Runs a thing and its floor in turns, so that whatever disturbs the machine disturbs both.</summary>
internal static class Contest
{
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(60);

    /// <param name="rounds">Turns of each.</param>
    /// <param name="contestants">What makes that many calls, and the process that answers them.</param>
    /// <returns>For each: the best round's time per call, and the processor time of its server per call, in microseconds.</returns>
    public static IReadOnlyList<Result> Run(int rounds, params (Action<int> Calls, ChildProcess Server)[] contestants)
    {
        int[] calls = new int[contestants.Length];
        double[][] wall = [.. contestants.Select(_ => new double[rounds])], processor = [.. contestants.Select(_ => new double[rounds])];
        for (int i = 0; i < contestants.Length; i++) calls[i] = Calibrate(contestants[i].Calls);
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < contestants.Length; i++)
            {
                long before = contestants[i].Server.ProcessorNanoseconds;
                wall[i][round] = Time(contestants[i].Calls, calls[i]).TotalMicroseconds / calls[i];
                processor[i][round] = (contestants[i].Server.ProcessorNanoseconds - before) / 1000.0 / calls[i];
            }
        }

        return [.. contestants.Select((_, i) => new Result(wall[i].Min(), Median(wall[i]), Median(processor[i])))];
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static int Calibrate(Action<int> calls)
    {
        for (int count = 16; ; count *= 2)
        {
            TimeSpan taken = Time(calls, count);
            if (taken >= Round / 2) return Math.Max(16, (int)(count * (Round / taken)));
        }
    }

    private static TimeSpan Time(Action<int> calls, int count)
    {
        long start = Stopwatch.GetTimestamp();
        calls(count);
        return Stopwatch.GetElapsedTime(start);
    }

    /// <param name="Best">The best round, per call.</param>
    /// <param name="Median">The median round, per call.</param>
    /// <param name="Processor">Median processor time of the server, per call.</param>
    internal sealed record Result(double Best, double Median, double Processor);
}
