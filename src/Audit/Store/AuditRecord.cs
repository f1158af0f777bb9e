using Spiffe.Agent.Audit.Records;

namespace Spiffe.Agent.Audit.Store;

/// <summary>Something that is to be written down: what <see cref="RecordEntry"/> becomes once it has its place.</summary>
/// <param name="Type">One of <see cref="RecordTypes"/>.</param>
/// <param name="At">When it happened.</param>
/// <param name="Data">What is said of it, without secrets and without free text.</param>
public sealed record AuditRecord(string Type, DateTimeOffset At, RecordFields Data)
{
    /// <summary>Free text that belongs to it: kept apart, erasable, with only its commitment in the entry (<see cref="RecordNames.Body"/>). Null: none.</summary>
    /// <remarks>Of at most <see cref="Commitment.MaxTextLength"/> bytes of UTF-8.</remarks>
    public string? Body { get; init; }

    /// <summary>Instead of <see cref="Body"/>: the same, where it is UTF-8 already. Empty: none.</summary>
    public ReadOnlyMemory<byte> Utf8Body { get; init; }

    /// <summary>Whether it has happened already, or happens in any case: rights were taken away, somebody was refused. It waits until it can be written; what gives rights is refused instead.</summary>
    public bool IsOwed { get; init; }
}
