namespace Spiffe.Agent.Issuance.Journal;

/// <summary>Callers got nothing.</summary>
public sealed record CallerEntry : JournalEntry
{
    public required int ProcessId { get; init; }

    public required uint UserId { get; init; }

    public required Refusal Refusal { get; init; }

    /// <summary>What was called.</summary>
    public required string Detail { get; init; }

    /// <summary>How many of this user and reason there were, this one included, since the last entry about them.</summary>
    public required long Count { get; init; }
}
