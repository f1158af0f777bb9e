using Spiffe.Agent.Issuance.Tasks.Requests;

namespace Spiffe.Agent.Issuance.Journal;

/// <summary>A snapshot of the inventory is about to be signed.</summary>
public sealed record InventoryEntry : JournalEntry
{
    public required Operator By { get; init; }

    /// <summary>SHA-256 of its canonical JSON, base64url.</summary>
    public required string Digest { get; init; }

    /// <summary>How many live tasks it holds.</summary>
    public required int Tasks { get; init; }
}
