namespace Spiffe.Agent.Issuance.Journal;

/// <summary>Wall clock and uptime parted: somebody set the clock.</summary>
/// <param name="Step">By how much the wall clock went ahead; negative: back.</param>
public sealed record ClockEntry(TimeSpan Step) : JournalEntry;
