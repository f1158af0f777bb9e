using System.Collections.Concurrent;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Spiffe.Agent.Issuance.Admission;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Tasks.Requests;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Tasks.Lifecycle;

namespace Spiffe.Agent.Tests.Fuzz.Issuance.Tasks;

/// <summary>Many at once, on the real clock: nobody waits for ever, nothing is spent twice, nothing is used beyond its count, nothing that left counts behind the end.</summary>
[Collection(nameof(Alone))]
public sealed class TaskCrowdTests
{
    private const int Threads = 6;
    private const int MaxUses = 40;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly Config Crowds = Config.QuickThrowOnFailure.WithMaxTest(4);

    private static Gen<int[][]> Plans => Gen.ArrayOf(Gen.ArrayOf(Gen.Choose(0, 99), 80), Threads);

    [Fact]
    public void A_crowd_on_one_family_neither_deadlocks_nor_uses_or_spends_more_than_there_is() =>
        Prop.ForAll(Arb.From(Plans), plans => OneFamilyAsync(plans).WaitAsync(Patience).GetAwaiter().GetResult()).Check(Crowds);

    [Fact]
    public void A_crowd_on_many_families_neither_deadlocks_nor_leaves_anything_alive() =>
        Prop.ForAll(Arb.From(Plans), plans => ManyFamiliesAsync(plans).WaitAsync(Patience).GetAwaiter().GetResult()).Check(Crowds);

    private static async Task<bool> OneFamilyAsync(int[][] plans)
    {
        using TaskWorld world = new(TimeProvider.System, maxUses: MaxUses);
        using Worker worker = new();
        ConcurrentQueue<string> tokens = new();
        ConcurrentQueue<string> issued = new();
        ConcurrentDictionary<string, int> spent = new(StringComparer.Ordinal);
        int uses = 0;
        TaskView root = (await world.Tasks.StartAsync(world.Self, new StartTask { Template = "work" }, CancellationToken.None)).Task!;
        string top = root.Id.ToString();
        StartTask child = new() { Template = "work", ChildProcessId = worker.ProcessId, Grants = Encoding.UTF8.GetBytes("""[{"type":"repo","actions":["read"],"locations":["https://git.example/x"],"audiences":["repo-api"],"constraints":{"max_uses":3}}]""") };
        await UseAsync(world.Self, top);
        Assert.True(tokens.TryDequeue(out string? first));
        bool[] won = await Task.WhenAll(plans.Select(_ => Task.Run(() => world.Tasks.VerifyToken(first, TaskWorld.Audience, consume: true).IsValid)));
        Assert.Single(won, true);
        await Task.WhenAll(plans.Select(plan => Task.Run(async () =>
        {
            string below = "";
            foreach (int choice in plan)
            {
                switch (choice % 12)
                {
                    case 0 or 1:
                        if ((await world.Tasks.SpawnAsync(world.Self, top, child, CancellationToken.None)).Task is { } spawned) below = spawned.Id.ToString();
                        break;
                    case 2 or 3:
                        await UseAsync(world.Self, top);
                        break;
                    case 4 or 5:
                        await UseAsync(worker.Caller, below);
                        break;
                    case 6 or 7:
                        if (!tokens.TryPeek(out string? token)) break;
                        if (choice > 50) tokens.TryDequeue(out _);
                        if (world.Tasks.VerifyToken(token, TaskWorld.Audience, consume: true).IsValid) spent.AddOrUpdate(token, 1, static (_, times) => times + 1);
                        break;
                    case 8:
                        await ProjectAsync(world, choice % 2 == 0 ? world.Self : worker.Caller);
                        break;
                    case 9:
                        await world.Tasks.SuspendAsync(world.Self, top, "", CancellationToken.None);
                        await world.Tasks.ResumeAsync(world.Self, top, CancellationToken.None);
                        break;
                    case 10:
                        if (below.Length > 0) world.Tasks.Revoke(TaskWorld.Operator, new TaskSelection { TaskId = below });
                        break;
                    default:
                        world.Tasks.Reload(world.Wide);
                        world.Tasks.OnBeat();
                        break;
                }
            }
        })));
        world.Tasks.Revoke(TaskWorld.Operator, new TaskSelection { TaskId = top });
        Assert.True(uses <= MaxUses, $"used {uses} times of {MaxUses}");
        Assert.All(spent, times => Assert.Equal(1, times.Value));
        Assert.All(issued, id => Assert.NotEqual(CredentialStatus.Valid, world.Ledger.StatusOf(CredentialKind.ActionToken, id)));
        return IsEmpty(world);

        async Task UseAsync(Caller caller, string id)
        {
            if (id.Length == 0 || (await world.Tasks.AuthorizeAsync(caller, id, TaskWorld.Read, CancellationToken.None)).Decision is not { Outcome: ActionOutcome.Permit } permitted) return;
            Interlocked.Increment(ref uses);
            tokens.Enqueue(permitted.Token);
            if (world.Service.ValidateJwt(permitted.Token, TaskWorld.Audience).Credential is { } credential) issued.Enqueue(credential.Id);
        }
    }

    private static async Task<bool> ManyFamiliesAsync(int[][] plans)
    {
        using TaskWorld world = new(TimeProvider.System, remembered: 16);
        using Worker worker = new();
        await Task.WhenAll(plans.Select((plan, thread) => Task.Run(async () =>
        {
            foreach (int choice in plan)
            {
                // The same keys from several threads at once: whoever is second gets the first one's task, of another family.
                StartTask request = new() { Template = "work", IdempotencyKey = $"k{choice % 5}" };
                if ((await world.Tasks.StartAsync(world.Self, request, CancellationToken.None)).Task is not { } task) continue;
                string id = task.Id.ToString();
                StartTask below = new() { Template = choice % 3 == 0 ? "asked" : "work", IdempotencyKey = $"k{(choice + thread) % 5}", ChildProcessId = worker.ProcessId };
                string? child = (await world.Tasks.SpawnAsync(world.Self, id, below, CancellationToken.None)).Task?.Id.ToString();
                await world.Tasks.AuthorizeAsync(world.Self, id, TaskWorld.Read, CancellationToken.None);
                await ProjectAsync(world, worker.Caller);
                switch (choice % 7)
                {
                    case 0:
                        await world.Tasks.CompleteAsync(world.Self, id, "", CancellationToken.None);
                        break;
                    case 1:
                        if (child is not null) world.Tasks.Approve(TaskWorld.Operator, child);
                        break;
                    case 2:
                        world.Tasks.Contain(TaskWorld.Operator, new TaskSelection { TaskId = id }, kill: false);
                        break;
                    case 3:
                        world.Tasks.Reload(choice % 2 == 0 ? world.Narrow : world.Wide);
                        break;
                    case 4:
                        world.Tasks.EndWhere(TaskWorld.Operator, new TaskSelection { Template = "asked" });
                        break;
                    default:
                        world.Tasks.List(new TaskSelection { All = true }, withEnded: true);
                        break;
                }
            }
        })));
        world.Tasks.Revoke(TaskWorld.Operator, new TaskSelection { All = true });
        Assert.True(world.Tasks.List(new TaskSelection { All = true }, withEnded: true).Length <= 16);
        Assert.All(world.Tasks.List(new TaskSelection { All = true }, withEnded: true), task => Assert.True(task.State.IsTerminal() && task.Credentials.IsEmpty));
        return IsEmpty(world);
    }

    /// <summary>As a client of the Workload API: signs while others end what it is for.</summary>
    private static async Task ProjectAsync(TaskWorld world, Caller caller)
    {
        if ((await world.Service.AdmitAsync(caller, CancellationToken.None)).Lease is not { } lease) return;
        using (lease)
        {
            lease.HoldX509()?.Release();
            lease.Jwt(TaskWorld.Audiences, null);
            _ = lease.Changed;
            lease.HoldWit(null)?.Release();
        }
    }

    private static bool IsEmpty(TaskWorld world) => world.Tasks.Live == 0 && world.Ledger.OpenTasks == 0;
}
