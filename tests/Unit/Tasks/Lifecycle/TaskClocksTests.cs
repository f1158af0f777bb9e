using Spiffe.Agent.Tasks.Lifecycle;

namespace Spiffe.Agent.Tests.Unit.Tasks.Lifecycle;

/// <summary>Lease, idle, active and absolute: when a task ends by itself.</summary>
public sealed class TaskClocksTests
{
    private static readonly TimeSpan Start = TimeSpan.FromHours(50);
    private static readonly ClockLimits Limits = new(Lease: Minutes(10), Deadline: Minutes(60), Active: Minutes(30), Idle: Minutes(5));

    [Fact]
    public void Each_clock_ends_the_task_on_its_own()
    {
        TaskClocks clocks = TaskClocks.Start(Start, Limits, null);

        Assert.Null(clocks.Due(Start + Minutes(5) - TimeSpan.FromTicks(1)));
        Assert.Equal(TaskClock.Idle, clocks.Due(Start + Minutes(5)));
        Assert.Equal(TaskClock.Lease, clocks.Touch(Start + Minutes(9)).Due(Start + Minutes(10)));
        Assert.Equal(TaskClock.Active, Busy(clocks, until: 30).Due(Start + Minutes(30)));
        Assert.Equal(TaskClock.Deadline, clocks.Due(Start + Minutes(60)));
    }

    [Fact]
    public void A_pause_never_puts_off_the_deadline_nor_the_lease()
    {
        TaskClocks paused = TaskClocks.Start(Start, Limits, null).Pause(Start + Minutes(1));

        Assert.Null(paused.Due(Start + Minutes(9)));
        Assert.Equal(TaskClock.Lease, paused.Due(Start + Minutes(10)));
        Assert.Equal(TaskClock.Deadline, paused.Renew(Start + Minutes(9), Minutes(600), null).Due(Start + Minutes(60)));
        Assert.Equal(Start + Minutes(60), paused.Continue(Start + Minutes(9)).Deadline);
    }

    [Fact]
    public void Idle_and_active_time_stand_still_while_paused_and_the_lease_that_was_never_renewed_does_not()
    {
        TaskClocks clocks = TaskClocks.Start(Start, Limits with { Lease = Minutes(60) }, null);
        TaskClocks continued = Busy(clocks, until: 20).Renew(Start + Minutes(20), Minutes(60), null).Pause(Start + Minutes(20)).Continue(Start + Minutes(40));

        Assert.Equal(Start + Minutes(45), continued.NextDue);
        Assert.Equal(TaskClock.Idle, continued.Due(Start + Minutes(45)));
        Assert.Null(continued.Touch(Start + Minutes(44)).Touch(Start + Minutes(48)).Due(Start + Minutes(50) - TimeSpan.FromTicks(1)));
        Assert.Equal(TaskClock.Active, continued.Touch(Start + Minutes(44)).Touch(Start + Minutes(48)).Due(Start + Minutes(50)));
    }

    [Fact]
    public void A_machine_that_slept_past_the_end_finds_it_due_at_once() =>
        Assert.Equal(TaskClock.Deadline, TaskClocks.Start(Start, Limits, null).Due(Start + TimeSpan.FromDays(3)));

    [Fact]
    public void A_credential_ends_with_the_lease_the_active_time_and_the_deadline()
    {
        TaskClocks clocks = TaskClocks.Start(Start, Limits, null);

        Assert.Equal(Minutes(2), clocks.SvidLife(Start, Minutes(2)));
        Assert.Equal(Minutes(7), clocks.SvidLife(Start + Minutes(3), Minutes(20)));
        Assert.Equal(Minutes(1), Busy(clocks, until: 29).SvidLife(Start + Minutes(29), Minutes(20)));
        Assert.Equal(TimeSpan.Zero, clocks.SvidLife(Start + Minutes(10), Minutes(1)));
        Assert.Equal(TimeSpan.Zero, clocks.Pause(Start + Minutes(1)).SvidLife(Start + Minutes(1), Minutes(1)));
        Assert.Equal(TimeSpan.Zero, clocks.SvidLife(Start, Minutes(-1)));
    }

    [Fact]
    public void A_child_outlives_neither_the_lease_nor_the_deadline_of_its_parent()
    {
        TaskClocks parent = TaskClocks.Start(Start, Limits, null);
        TaskClocks child = TaskClocks.Start(Start + Minutes(2), new ClockLimits(Minutes(500), Minutes(500)), parent);

        Assert.Equal(parent.Deadline, child.Deadline);
        Assert.Equal(parent.Lease, child.Lease);
        Assert.Equal(Start + Minutes(15), child.Renew(Start + Minutes(9), Minutes(500), parent.Renew(Start + Minutes(5), Minutes(10), null)).Lease);
    }

    [Fact]
    public void A_renewal_counts_from_now_and_ends_at_the_deadline()
    {
        TaskClocks clocks = TaskClocks.Start(Start, Limits, null);

        Assert.Equal(Start + Minutes(14), clocks.Renew(Start + Minutes(4), Minutes(10), null).Lease);
        Assert.Equal(Start + Minutes(60), clocks.Renew(Start + Minutes(4), TimeSpan.MaxValue, null).Lease);
        Assert.Equal(Start + Minutes(4), clocks.Renew(Start + Minutes(4), Minutes(-3), null).Lease);
    }

    [Fact]
    public void A_clock_that_goes_back_wins_nothing()
    {
        TaskClocks clocks = TaskClocks.Start(Start, Limits, null).Touch(Start + Minutes(4));

        Assert.Equal(clocks.NextDue, clocks.Pause(Start).Continue(Start).NextDue);
    }

    private static TimeSpan Minutes(int minutes) => TimeSpan.FromMinutes(minutes);

    /// <summary>Does something every four minutes, and renews.</summary>
    private static TaskClocks Busy(TaskClocks clocks, int until)
    {
        for (int minute = 0; minute < until; minute += 4) clocks = clocks.Touch(Start + Minutes(minute)).Renew(Start + Minutes(minute), Minutes(10), null);
        return clocks.Touch(Start + Minutes(until) - TimeSpan.FromTicks(1)).Renew(Start + Minutes(until) - TimeSpan.FromTicks(1), Minutes(10), null);
    }
}
