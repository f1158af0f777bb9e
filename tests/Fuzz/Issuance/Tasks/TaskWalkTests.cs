using FsCheck;
using FsCheck.Fluent;
using Spiffe.Agent.Tests.TestKit.Descriptors;

namespace Spiffe.Agent.Tests.Fuzz.Issuance.Tasks;

/// <summary>Random walks over the whole service, with workers that are killed. What fails is printed with its seed, and made shorter.</summary>
[Collection(nameof(Alone))]
public sealed class TaskWalkTests
{
    private static readonly Config Walks = Config.QuickThrowOnFailure.WithMaxTest(60);

    /// <summary>What gives comes more often than what ends: a walk is long and has something to lose.</summary>
    internal static Gen<Step> Steps => Gen.Frequency(
        (3, Gen.Elements(Step.Start, Step.StartWorker, Step.StartAsked)),
        (3, Gen.Constant(Step.Spawn)),
        (5, Gen.Constant(Step.Authorize)),
        (3, Gen.Constant(Step.Project)),
        (3, Gen.Elements(Step.Verify, Step.Consume)),
        (6, Gen.Elements(Enum.GetValues<Step>())));

    [Fact]
    public async Task A_random_walk_over_tasks_finds_no_credential_alive_after_its_task_and_nothing_kept_at_its_end()
    {
        OpenDescriptors? first = null; // The first walk starts what lasts: a thread that waits for all bindings, the pools of the runtime.
        (int Left, int Actions, int Spent) seen = default;
        Prop.ForAll(Arb.From(Gen.ArrayOf(Gen.Zip(Steps, Gen.Choose(0, 59)), 50)), steps =>
        {
            (int left, int actions, int spent) = Walk(steps);
            seen = (seen.Left + left, seen.Actions + actions, seen.Spent + spent);
            first ??= OpenDescriptors.Now();
        }).Check(Walks);
        Assert.True(seen is { Left: > 100, Actions: > 50, Spent: > 5 }, $"{seen}: these walks prove nothing");
        await first!.NoMoreThanThenAsync(spare: 5);
    }

    private static (int Left, int Actions, int Spent) Walk((Step Step, int Which)[] steps)
    {
        return WalkAsync().WaitAsync(TimeSpan.FromMinutes(5)).GetAwaiter().GetResult();

        async Task<(int, int, int)> WalkAsync()
        {
            using TaskWalk walk = new();
            foreach ((Step step, int which) in steps) await walk.DoAsync(step, which);
            await walk.EndAsync();
            return walk.Seen;
        }
    }
}
