using FsCheck;
using FsCheck.Fluent;
using Spiffe.Agent.Tasks.Lifecycle;

namespace Spiffe.Agent.Tests.Fuzz.Tasks.Lifecycle;

/// <summary>Random walks through a task's life: whatever happens, in whatever order.</summary>
public sealed class LifeProperties
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(5_000);

    private static Gen<TaskTrigger[]> Lives => from length in Gen.Choose(1, 40) from triggers in Gen.ArrayOf(Gen.Elements<TaskTrigger>([.. TaskTransitions.Triggers]), length) select triggers;

    private static Gen<(int Kind, int Minutes)[]> Doings => from length in Gen.Choose(1, 40) from steps in Gen.ArrayOf(from kind in Gen.Choose(0, 3) from minutes in Gen.Choose(0, 20) select (kind, minutes), length) select steps;

    private static Gen<ClockLimits> Limits =>
        from lease in Gen.Choose(0, 90)
        from deadline in Gen.Choose(0, 90)
        from active in Gen.Choose(-30, 60)
        from idle in Gen.Choose(-30, 30)
        select new ClockLimits(TimeSpan.FromMinutes(lease), TimeSpan.FromMinutes(deadline), active < 0 ? null : TimeSpan.FromMinutes(active), idle < 0 ? null : TimeSpan.FromMinutes(idle));

    [Fact]
    public void Once_a_task_is_over_it_stays_over() =>
        Prop.ForAll(Lives.ToArbitrary(), Gen.Elements(false, true).ToArbitrary(), (life, needsApproval) =>
        {
            TaskState state = TaskTransitions.Begin(needsApproval);
            bool wasApproved = !needsApproval;
            foreach (TaskTrigger trigger in life)
            {
                TaskState next = TaskTransitions.Next(state, trigger) ?? state;
                Assert.True(!state.IsTerminal() || next == state);
                wasApproved |= trigger == TaskTrigger.Approve && state == TaskState.PendingApproval;
                Assert.True(wasApproved || !next.HasCredentials());
                state = next;
            }
        }).Check(Thorough);

    [Fact]
    public void Whatever_is_done_no_credential_outlives_lease_or_deadline_and_the_deadline_never_moves() =>
        Prop.ForAll(Limits.ToArbitrary(), Limits.ToArbitrary(), Doings.ToArbitrary(), (limits, ofChild, doings) =>
        {
            TimeSpan now = TimeSpan.FromHours(1);
            TaskClocks clocks = TaskClocks.Start(now, limits, null);
            TaskClocks child = TaskClocks.Start(now, ofChild, clocks);
            TimeSpan deadline = clocks.Deadline;
            foreach ((int kind, int minutes) in doings)
            {
                now += TimeSpan.FromMinutes(minutes);
                clocks = kind switch { 0 => clocks.Touch(now), 1 => clocks.Pause(now), 2 => clocks.Continue(now), _ => clocks.Renew(now, TimeSpan.FromMinutes(minutes * 3), null) };
                child = child.Renew(now, TimeSpan.FromDays(9), clocks);
                Assert.Equal(deadline, clocks.Deadline);
                Assert.True(clocks.Lease <= deadline && child.Lease <= clocks.Lease && child.Deadline <= deadline);
                Assert.True(now + clocks.SvidLife(now, TimeSpan.FromDays(9)) <= (clocks.Due(now) is null ? clocks.Lease : now));
                Assert.True(clocks.Due(now) is not null || clocks.NextDue > now);
                Assert.NotNull(clocks.Due(clocks.NextDue < now ? now : clocks.NextDue));
                Assert.True(clocks.Due(now) is not null || clocks.Due(clocks.NextDue - TimeSpan.FromTicks(1)) is null);
            }
        }).Check(Thorough);
}
