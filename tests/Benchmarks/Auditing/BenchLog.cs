using System.Collections.Immutable;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Store;
using Spiffe.Agent.Tasks.Decisions;
using Spiffe.Agent.Tasks.Grants;

namespace Spiffe.Agent.Tests.Benchmarks.Auditing;

/// <summary>What a daemon writes down of many tasks, a hundred at work at once; rules find nothing to complain of.</summary>
internal static class BenchLog
{
    private const int AtOnce = 100;
    private const string Policy = "permit(principal, action, resource) when { principal.owner == \"data-platform\" };\nforbid(principal, action == Action::\"use\", resource) when { context.sensitivity > 2 };";

    private static readonly AuthorizationDetails Grants = AuthorizationDetails.Parse("""[{"type":"repo","actions":["read"],"locations":["https://git.example/x"],"audiences":["repo-api"],"constraints":{"max_uses":100}}]""");
    private static readonly TaskPolicies Policies = TaskPolicies.TryCompile([new PolicySource("bench.cedar", Policy)], out TaskPolicies? policies, out ImmutableArray<PolicyFault> faults) ? policies : throw new FormatException(faults[0].ToString());

    public static IEnumerable<AuditRecord> Of(int tasks)
    {
        DateTimeOffset at = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);
        yield return new(RecordTypes.PolicySource, at, new RecordFields().Add(RecordNames.PolicyDigest, Policies.Digest).Add("name", "bench.cedar").Add("source", 0).Add("part", 0).Add("parts", 1).Add("text", Policy));
        yield return new(RecordTypes.PoliciesLoaded, at, new RecordFields().Add(RecordNames.PolicyDigest, Policies.Digest).Add("sources", ["bench.cedar"]));
        BenchTask[] live = [.. Enumerable.Range(0, AtOnce).Select(_ => new BenchTask())];
        for (int i = 0, ended = 0; ended < tasks; i++)
        {
            at = at.AddMilliseconds(1);
            int which = i % live.Length;
            (string type, RecordFields data, string? body) = live[which].Next(Policies, Grants, at);
            yield return new(type, at, data) { Body = body };
            if (!live[which].IsOver) continue;
            ended++;
            if (ended <= tasks - AtOnce) live[which] = new BenchTask();
            else live = [.. live.Where(left => !left.IsOver)];
        }
    }
}
