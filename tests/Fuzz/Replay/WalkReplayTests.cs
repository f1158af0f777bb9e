using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging.Abstractions;
using Spiffe.Agent.Issuance.Journal;
using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Replay;
using Spiffe.Agent.Tests.Fuzz.Issuance.Tasks;
using Spiffe.Agent.Tests.TestKit.Time;

namespace Spiffe.Agent.Tests.Fuzz.Replay;

/// <summary>What the real engine writes down in random walks keeps every rule: a rule that it breaks is wrong, or the engine is.</summary>
[Collection(nameof(Alone))]
public sealed class WalkReplayTests
{
    private static readonly Config Walks = Config.QuickThrowOnFailure.WithMaxTest(40);

    [Fact]
    public void Random_walk_over_tasks_is_replayed_from_its_log_without_a_violation()
    {
        (long Tasks, long Decisions, long Credentials, long Revoked) seen = default;
        Prop.ForAll(Arb.From(Gen.ArrayOf(Gen.Zip(TaskWalkTests.Steps, Gen.Choose(0, 59)), 60)), steps =>
        {
            ReplaySummary summary = Walk(steps).Replay();
            Assert.True(summary.IsClean, string.Join('\n', summary.Violations));
            Assert.Equal((0L, 0L, summary.Decisions.All), (summary.Live, summary.NotJudged, summary.Decisions.TakenAgain));
            seen = (seen.Tasks + summary.Tasks, seen.Decisions + summary.Decisions.All, seen.Credentials + summary.Credentials.OfTasks, seen.Revoked + summary.Credentials.Revoked);
        }).Check(Walks);
        Assert.True(seen is { Tasks: > 100, Decisions: > 300, Credentials: > 100, Revoked: > 50 }, $"{seen}: these walks prove nothing");
    }

    internal static RecordedLog Walk((Step Step, int Which)[] steps)
    {
        RecordedLog log = new();
        LoggedPolicies.Write(log, new ManualTime().GetUtcNow());
        WalkAsync().WaitAsync(TimeSpan.FromMinutes(5)).GetAwaiter().GetResult();
        return log;

        async Task WalkAsync()
        {
            using TaskWalk walk = new(new AuditJournal(log, new TaskLog(NullLogger<TaskLog>.Instance)), LoggedPolicies.All);
            foreach ((Step step, int which) in steps) await walk.DoAsync(step, which);
            await walk.EndAsync();
        }
    }
}
