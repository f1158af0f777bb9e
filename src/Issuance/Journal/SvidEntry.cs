using Spiffe.Agent.Issuance.Svids;

namespace Spiffe.Agent.Issuance.Journal;

/// <summary>An SVID that an entry grants was signed.</summary>
public sealed record SvidEntry : JournalEntry
{
    public required string SpiffeId { get; init; }

    internal SvidKind Kind { get; init; }

    /// <summary>Serial number or token id.</summary>
    public required string CredentialId { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The entry, by its name.</summary>
    public required string Source { get; init; }

    /// <summary>Serial number or token id of the one that it takes the place of; empty: there was none.</summary>
    public string Replaces { get; init; } = "";
}
