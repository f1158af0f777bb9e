using Spiffe.Agent.Issuance.Admission;
using Spiffe.Agent.Issuance.Offboarding;
using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Issuance.Tasks.Requests;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Tests.TestKit.Descriptors;
using Spiffe.Agent.Tests.TestKit.Time;

namespace Spiffe.Agent.Tests.Fuzz.Issuance.Tasks;

/// <summary>What many tasks leave behind that were begun and ended: nothing but the last few, to be shown.</summary>
[Collection(nameof(Alone))]
public sealed class TaskLeakTests
{
    private const int Tasks = 20_000;
    private const int Remembered = 50;

    /// <summary>What may differ between two looks at a heap of some 10 MiB: a twentieth of what the tasks would take if each left 1 KiB.</summary>
    private const long Noise = 1L << 20;

    [Fact]
    public async Task Twenty_thousand_tasks_one_after_the_other_leave_neither_memory_nor_descriptors_nor_timers()
    {
        ManualTime time = new();
        using TaskWorld world = new(time, Remembered);
        await RunAsync(world, time, Tasks / 10);
        long memory = Held(); // Collects first.
        OpenDescriptors descriptors = OpenDescriptors.Now();
        await RunAsync(world, time, Tasks);
        long memoryAfter = Held();
        Assert.Equal(0, world.Tasks.Live);
        Assert.Equal(0, world.Ledger.OpenTasks);
        Assert.Equal(Remembered, world.Tasks.List(new TaskSelection { All = true }, withEnded: true).Length);
        await descriptors.NoMoreThanThenAsync(spare: 2);
        Assert.True(memoryAfter - memory < Noise, $"{(memoryAfter - memory) / (double)Tasks:F0} bytes are left of each task");
    }

    /// <summary>Each is paused at its end, for that is when a task has a moment far ahead at which it was to be looked at; the clock moves, and it is a list of timers too.</summary>
    private static async Task RunAsync(TaskWorld world, ManualTime time, int tasks)
    {
        for (int i = 0; i < tasks; i++)
        {
            TaskAnswer started = await world.Tasks.StartAsync(world.Self, new StartTask { Template = "work", IdempotencyKey = "same" }, CancellationToken.None);
            Assert.Equal(TaskRefusal.None, started.Refusal);
            Assert.Equal(ActionOutcome.Permit, (await world.Tasks.AuthorizeAsync(world.Self, "", TaskWorld.Read, CancellationToken.None)).Decision?.Outcome);
            if (i % 20 == 0) await ProjectAsync(world);
            await world.Tasks.SuspendAsync(world.Self, "", "", CancellationToken.None);
            await world.Tasks.CompleteAsync(world.Self, "", "", CancellationToken.None);
            if (i % 5 == 0) time.Pass(TimeSpan.FromMilliseconds(500)); // A token is kept for some minutes: those of a thousand tasks, so that the first tasks have made room for as many as there ever are.
        }

        await TaskWorld.UntilAsync(() => world.Tasks.List(new TaskSelection { All = true }, withEnded: true).All(static task => task.Receipt is { Check.State: not OffboardingState.Running }));

        // What was issued is kept until it has expired, and a while longer: then it goes too.
        for (int minute = 0; minute < 20; minute++)
        {
            time.Pass(TimeSpan.FromMinutes(1));
            world.Tasks.OnBeat();
        }
    }

    private static async Task ProjectAsync(TaskWorld world)
    {
        using WorkloadLease lease = (await world.Service.AdmitAsync(world.Self, CancellationToken.None)).Lease!;
        lease.HoldX509()?.Release();
        Assert.Single(lease.Jwt(TaskWorld.Audiences, null));
    }

    private static long Held()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
