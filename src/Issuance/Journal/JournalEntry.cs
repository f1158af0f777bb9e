namespace Spiffe.Agent.Issuance.Journal;

/// <summary>One thing that happened and is written down.</summary>
public abstract record JournalEntry
{
    public required DateTimeOffset At { get; init; }
}
