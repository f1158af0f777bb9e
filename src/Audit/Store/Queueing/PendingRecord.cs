using Spiffe.Agent.Audit.Records;

namespace Spiffe.Agent.Audit.Store.Queueing;

/// <summary>A record that has its place in the order of events and is not on the disk yet.</summary>
/// <param name="Draft">The entry but for its place.</param>
/// <param name="Body">Salt and text that belong to it; empty: none.</param>
/// <param name="Kept">Hears of the index once the entry is safe; on the writer's thread, so it only takes note.</param>
internal sealed record PendingRecord(RecordDraft Draft, byte[] Body, Action<long>? Kept = null)
{
    /// <summary>Nothing comes behind it in its group.</summary>
    public bool EndsGroup { get; init; }

    /// <summary>What it may need of the journal, in bytes.</summary>
    public int Length { get; } = sizeof(ushort) + Draft.MaxLength + sizeof(int) + Body.Length;

    /// <exception cref="ArgumentException">The record is not one: its type or a text, or it is too long.</exception>
    public static PendingRecord Of(AuditRecord record, Action<long>? kept = null)
    {
        ArgumentNullException.ThrowIfNull(record);
        byte[] body = [];
        string? commitment = record.Body is { } text ? Commitment.To(text, out body) : record.Utf8Body.IsEmpty ? null : Commitment.To(record.Utf8Body.Span, out body);
        RecordDraft draft = new(record.Type, record.At, record.Data, commitment);
        if (draft.MaxLength > RecordEntry.MaxLength) throw new ArgumentException($"an entry has at most {RecordEntry.MaxLength} bytes", nameof(record));
        return new PendingRecord(draft, body, kept);
    }
}
