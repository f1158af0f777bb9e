namespace Spiffe.Agent.Tasks.Lifecycle;

/// <summary>
/// When a task ends by itself. A value: each change gives the next one. Instants are time since boot on a clock that counts sleep (CLOCK_BOOTTIME), handed in by the caller: a set wall clock
/// moves nothing, and a machine that slept past an end finds it due. While the task is suspended the idle and the active clock stand still; lease and deadline do not, so
/// pausing never puts off the end. The lease never lies beyond the deadline.
/// </summary>
public sealed record TaskClocks
{
    private TaskClocks(TimeSpan deadline, TimeSpan? active, TimeSpan? idle) => (Deadline, _active, _idle) = (deadline, active, idle);

    private readonly TimeSpan? _active;
    private readonly TimeSpan? _idle;

    /// <summary>The absolute end.</summary>
    public TimeSpan Deadline { get; }

    /// <summary>The end of the lease.</summary>
    public TimeSpan Lease { get; private init; }

    /// <summary>Whether the active and the idle clock stand still.</summary>
    public bool IsPaused { get; private init; }

    /// <summary>Time at work up to <see cref="Since"/>.</summary>
    private TimeSpan ActiveSoFar { get; init; }

    /// <summary>Time without an action up to <see cref="Since"/>.</summary>
    private TimeSpan IdleSoFar { get; init; }

    /// <summary>When the two were last brought up to date.</summary>
    private TimeSpan Since { get; init; }

    /// <summary>Starts the clocks.</summary>
    /// <param name="now">Now, since boot.</param>
    /// <param name="limits">What the template, and the request within it, say.</param>
    /// <param name="parent">The parent's clocks, which the child's never pass; null for a root task.</param>
    public static TaskClocks Start(TimeSpan now, ClockLimits limits, TaskClocks? parent)
    {
        ArgumentNullException.ThrowIfNull(limits);
        TimeSpan deadline = now + NotNegative(limits.Deadline);
        if (parent is not null && parent.Deadline < deadline) deadline = parent.Deadline;
        TaskClocks clocks = new(deadline, limits.Active, limits.Idle) { Since = now, Lease = deadline };
        return clocks.Renew(now, limits.Lease, parent);
    }

    /// <summary>The lease from now on, under the deadline and, for a child, under the parent's lease. The wish is advisory: read what came of it.</summary>
    public TaskClocks Renew(TimeSpan now, TimeSpan wanted, TaskClocks? parent)
    {
        TimeSpan lease = Least(now + NotNegative(wanted), Deadline);
        return this with { Lease = parent is null ? lease : Least(lease, parent.Lease) };
    }

    /// <summary>Something was done: the idle clock starts anew.</summary>
    public TaskClocks Touch(TimeSpan now) => UpTo(now) with { IdleSoFar = TimeSpan.Zero };

    /// <summary>Stops the active and the idle clock.</summary>
    public TaskClocks Pause(TimeSpan now) => UpTo(now) with { IsPaused = true };

    /// <summary>Lets them run again, the idle clock from its start.</summary>
    public TaskClocks Continue(TimeSpan now) => UpTo(now) with { IsPaused = false, IdleSoFar = TimeSpan.Zero };

    /// <summary>The clock that has run out, the most final one where there are several; null: none.</summary>
    public TaskClock? Due(TimeSpan now)
    {
        if (now >= Deadline) return TaskClock.Deadline;
        if (now >= Lease) return TaskClock.Lease;
        if (IsPaused) return null;
        if (ActiveEnd <= now) return TaskClock.Active;
        return IdleEnd <= now ? TaskClock.Idle : null;
    }

    /// <summary>When <see cref="Due"/> will first say something, if nothing happens until then.</summary>
    public TimeSpan NextDue => IsPaused ? Lease : Least(Lease, Least(ActiveEnd ?? Lease, IdleEnd ?? Lease));

    /// <summary>When it ends because nothing was done, if nothing is; null: it has no such clock, or that stands still.</summary>
    public TimeSpan? IdleUntil => IsPaused ? null : IdleEnd;

    /// <summary>How long a credential signed now may live: no longer than wanted, than the lease, than the deadline and than the active time that is left; zero: it may not be signed.</summary>
    public TimeSpan SvidLife(TimeSpan now, TimeSpan wanted)
    {
        if (IsPaused || Due(now) is not null) return TimeSpan.Zero;
        TimeSpan end = Least(Lease, ActiveEnd ?? Lease);
        return Least(NotNegative(wanted), end - now);
    }

    private TimeSpan? ActiveEnd => End(_active, ActiveSoFar);

    private TimeSpan? IdleEnd => End(_idle, IdleSoFar);

    // A limit that lies beyond the deadline is none.
    private TimeSpan? End(TimeSpan? limit, TimeSpan soFar) => limit is { } most ? Least(Since + (most > soFar ? Least(most - soFar, Deadline) : TimeSpan.Zero), Deadline) : null;

    // The clock of the caller never goes back; should it, nothing is won by that.
    private TaskClocks UpTo(TimeSpan now)
    {
        if (now <= Since) return this;
        TimeSpan passed = IsPaused ? TimeSpan.Zero : now - Since;
        return this with { Since = now, ActiveSoFar = ActiveSoFar + passed, IdleSoFar = IdleSoFar + passed };
    }

    private static TimeSpan Least(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan NotNegative(TimeSpan span) => span < TimeSpan.Zero ? TimeSpan.Zero : span > ClockLimits.Longest ? ClockLimits.Longest : span;
}
