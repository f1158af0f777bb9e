using System.Diagnostics;
using System.Text;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Store;
using Spiffe.Agent.Replay;

namespace Spiffe.Agent.Tests.Benchmarks.Auditing;

/// <summary>How fast a log is held to the rules, without and with every decision taken again.</summary>
internal static class ReplaySection
{
    private const int Tasks = 20_000;
    private const int Rounds = 5;

    public static void Run()
    {
        List<(DateTimeOffset At, byte[] Type, byte[] Data, string? Body)> log = Make();
        Console.WriteLine($"{log.Count:N0} entries of {Tasks:N0} tasks, {log.Count(entry => entry.Body is not null):N0} with a question, {Environment.ProcessorCount} cores");
        double rules = double.MaxValue, all = double.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            rules = Math.Min(rules, Replay(log, decideAgain: false));
            all = Math.Min(all, Replay(log, decideAgain: true));
        }

        Print("the rules", rules);
        Print("the same, and every decision taken again", all);

        void Print(string name, double seconds) => Console.WriteLine($"{name,-44} {log.Count / seconds,11:N0} records/s {seconds / log.Count * 1e6,7:F2} us each");
    }

    private static double Replay(List<(DateTimeOffset At, byte[] Type, byte[] Data, string? Body)> log, bool decideAgain)
    {
        long start = Stopwatch.GetTimestamp();
        LogReplay replay = new(new ReplayOptions { DecideAgain = decideAgain });
        for (int i = 0; i < log.Count; i++) replay.Add(i, log[i].At, log[i].Type, log[i].Data, log[i].Body);
        ReplaySummary summary = replay.Complete();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return summary.IsClean && summary.Tasks == Tasks ? seconds : throw new InvalidOperationException($"the log is not what it is measured for: {summary.Violations.FirstOrDefault()}");
    }

    private static List<(DateTimeOffset At, byte[] Type, byte[] Data, string? Body)> Make()
    {
        List<(DateTimeOffset At, byte[] Type, byte[] Data, string? Body)> log = [];
        foreach (AuditRecord record in BenchLog.Of(Tasks))
        {
            if (record.Body is { } body) record.Data.Add(RecordNames.Body, Commitment.To(body, out _));
            byte[] bytes = RecordEntry.Write(0, RecordEntry.None, record.Type, record.At, record.Data);
            int begin = bytes.AsSpan().IndexOf("\"data\":"u8) + 7, end = bytes.AsSpan().LastIndexOf(",\"prev\":"u8);
            log.Add((record.At, Encoding.UTF8.GetBytes(record.Type), bytes[begin..end], record.Body));
        }

        return log;
    }
}
