using Spiffe.Agent.Issuance.Tasks.Requests;

namespace Spiffe.Agent.Issuance.Journal;

/// <summary>An operator changed something over the admin socket.</summary>
public sealed record OperatorEntry : JournalEntry
{
    public required Operator By { get; init; }

    /// <summary>What was done, as the command line calls it.</summary>
    public required string Action { get; init; }

    /// <summary>The entry that it was done to, by its name and SPIFFE ID.</summary>
    public required string Name { get; init; }

    public required string SpiffeId { get; init; }
}
