using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Issuance.Tasks.Requests;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Tasks.Lifecycle;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Tests.Unit.Issuance.Tasks;

/// <summary>How leases move, and how they do not.</summary>
public sealed class TaskLeaseTests
{
    [Fact]
    public async Task Work_that_asks_for_a_longer_lease_than_its_template_gives_gets_what_that_gives()
    {
        using TaskBench bench = new(template => template with { Lifetimes = template.Lifetimes with { Lease = TimeSpan.FromMinutes(1), Renewal = Renewal.Explicit } });
        TaskView task = await bench.StartAsync(new StartTask { Template = "work", Lease = TimeSpan.FromDays(2) });
        Assert.Equal(TimeSpan.FromMinutes(1), task.LeaseUntil - bench.Issuance.Time.GetUtcNow());
        TaskAnswer renewed = await bench.Tasks.RenewAsync(bench.Self, "", TimeSpan.FromDays(2), CancellationToken.None);
        Assert.Equal(TimeSpan.FromMinutes(1), renewed.Task!.LeaseUntil - bench.Issuance.Time.GetUtcNow());
    }

    [Fact]
    public async Task Looking_again_in_the_templates_interval_does_not_move_the_lease()
    {
        using TaskBench bench = new(template => template with { ReattestEvery = TimeSpan.FromSeconds(20), Lifetimes = template.Lifetimes with { Lease = TimeSpan.FromMinutes(1), Renewal = Renewal.Explicit } });
        TaskView task = await bench.StartAsync();
        bench.Issuance.Time.Pass(TimeSpan.FromSeconds(21));
        bench.Tasks.OnBeat();
        await TaskBench.UntilAsync(() => bench.Issuance.Journal.Entries.Any(entry => entry.Kind == TaskEntryKind.Reevaluated));
        Assert.Equal(TaskState.Active, bench.Now(task).State);
        Assert.Equal(task.LeaseUntil, bench.Now(task).LeaseUntil);
    }

    [Fact]
    public async Task Task_that_waits_for_people_keeps_its_lease_up_to_the_deadline_and_holds_nothing()
    {
        using TaskBench bench = new(template => template with { Lifetimes = template.Lifetimes with { Lease = TimeSpan.FromMinutes(1), Deadline = TimeSpan.FromMinutes(30) } });
        TaskView task = await bench.StartAsync();
        Assert.Equal(TaskState.Suspended, (await bench.Tasks.SuspendAsync(bench.Self, "", "waits for review", CancellationToken.None)).Task!.State);
        for (int i = 0; i < 50; i++)
        {
            bench.Issuance.Time.Pass(TimeSpan.FromSeconds(30));
            bench.Tasks.OnBeat();
        }

        Assert.Equal(TaskState.Suspended, bench.Now(task).State);
        Assert.Empty(bench.Now(task).Credentials);
        Assert.Equal(TaskState.Active, (await bench.Tasks.ResumeAsync(bench.Self, "", CancellationToken.None)).Task!.State);
        bench.Issuance.Time.Pass(TimeSpan.FromMinutes(6));
        bench.Tasks.OnBeat();
        Assert.Equal(TaskState.Expired, bench.Now(task).State);
    }

    [Fact]
    public async Task Lease_is_not_renewed_when_that_cannot_be_written_down()
    {
        using TaskBench bench = new(template => template with { Lifetimes = template.Lifetimes with { Lease = TimeSpan.FromMinutes(1), Renewal = Renewal.Explicit } });
        TaskView task = await bench.StartAsync();
        bench.Issuance.Time.Pass(TimeSpan.FromSeconds(10));
        bench.Issuance.Journal.IsWritable = false;
        Assert.Equal(TaskRefusal.NotRecorded, (await bench.Tasks.RenewAsync(bench.Self, "", null, CancellationToken.None)).Refusal);
        Assert.Equal(task.LeaseUntil, bench.Now(task).LeaseUntil);
    }
}
