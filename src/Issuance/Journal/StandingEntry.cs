namespace Spiffe.Agent.Issuance.Journal;

/// <summary>Standing access has ended: the day of its review is over, and nobody renewed it.</summary>
/// <param name="SpiffeId">What was granted.</param>
/// <param name="Name">The entry, by its name.</param>
public sealed record StandingEntry(string SpiffeId, string Name) : JournalEntry;
