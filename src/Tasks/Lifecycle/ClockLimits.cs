namespace Spiffe.Agent.Tasks.Lifecycle;

/// <summary>How long a task and its lease may last.</summary>
/// <param name="Lease">How long it lives without being attested and decided anew.</param>
/// <param name="Deadline">From its start to its end.</param>
/// <param name="Active">At work in all; null: up to the deadline.</param>
/// <param name="Idle">Without doing anything; null: as long as it likes.</param>
public sealed record ClockLimits(TimeSpan Lease, TimeSpan Deadline, TimeSpan? Active = null, TimeSpan? Idle = null)
{
    /// <summary>What a longer span is cut to: a year. Keeps sums of spans in range.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(366);
}
