using Spiffe.Agent.Issuance.Tasks.Requests;

namespace Spiffe.Agent.Issuance.Journal;

/// <summary>The text that belongs to an entry of the log is about to be erased.</summary>
public sealed record ErasureEntry : JournalEntry
{
    public required Operator By { get; init; }

    /// <summary>Of the entry whose text it is.</summary>
    public required long Index { get; init; }
}
