using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Replay;
using Spiffe.Agent.Tasks.Decisions;
using Spiffe.Agent.Tasks.Grants;

namespace Spiffe.Agent.Tests.Benchmarks.Auditing;

/// <summary>How fast a log is held to the rules, without and with every decision taken again.</summary>
internal static class ReplaySection
{
    private const int Tasks = 20_000;
    private const int Rounds = 5;
    private const string Policy = "permit(principal, action, resource) when { principal.owner == \"data-platform\" };\nforbid(principal, action == Action::\"use\", resource) when { context.sensitivity > 2 };";

    private static readonly AuthorizationDetails Grants = AuthorizationDetails.Parse("""[{"type":"repo","actions":["read"],"locations":["https://git.example/x"],"audiences":["repo-api"],"constraints":{"max_uses":100}}]""");
    private static readonly TaskPolicies Policies = TaskPolicies.TryCompile([new PolicySource("bench.cedar", Policy)], out TaskPolicies? policies, out ImmutableArray<PolicyFault> faults) ? policies : throw new FormatException(faults[0].ToString());

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

    /// <summary>Tasks of 13 entries each, a hundred at work at once.</summary>
    private static List<(DateTimeOffset At, byte[] Type, byte[] Data, string? Body)> Make()
    {
        List<(DateTimeOffset At, byte[] Type, byte[] Data, string? Body)> log = [];
        DateTimeOffset at = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);
        Append(RecordTypes.PolicySource, new RecordFields().Add(RecordNames.PolicyDigest, Policies.Digest).Add("name", "bench.cedar").Add("source", 0).Add("part", 0).Add("parts", 1).Add("text", Policy), null);
        Append(RecordTypes.PoliciesLoaded, new RecordFields().Add(RecordNames.PolicyDigest, Policies.Digest).Add("sources", ["bench.cedar"]), null);
        BenchTask[] live = [.. Enumerable.Range(0, 100).Select(_ => new BenchTask())];
        for (int i = 0, ended = 0; ended < Tasks; i++)
        {
            at = at.AddMilliseconds(1);
            ref BenchTask task = ref live[i % live.Length];
            (string type, RecordFields data, string? body) = task.Next(Policies, Grants, at);
            Append(type, data, body);
            if (!task.IsOver) continue;
            ended++;
            if (ended <= Tasks - live.Length) task = new BenchTask();
            else live = [.. live.Where(left => !left.IsOver)];
        }

        return log;

        void Append(string type, RecordFields data, string? body)
        {
            byte[] bytes = RecordEntry.Write(0, RecordEntry.None, type, at, data);
            int begin = bytes.AsSpan().IndexOf("\"data\":"u8) + 7, end = bytes.AsSpan().LastIndexOf(",\"prev\":"u8);
            log.Add((at, Encoding.UTF8.GetBytes(type), bytes[begin..end], body));
        }
    }
}
