using System.Collections.Immutable;
using System.Text.Json;
using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Store;
using Spiffe.Agent.Replay;

namespace Spiffe.Agent.Tests.Fuzz.Replay;

/// <summary>Fakes a log that is always written: keeps its entries in memory, as a chain, with the texts behind their commitments.</summary>
internal sealed class RecordedLog : IAuditLog
{
    private readonly Lock _gate = new();
    private readonly List<RecordEntry> _entries = [];
    private readonly Dictionary<string, byte[]> _bodies = new(StringComparer.Ordinal);
    private TreeHash _last = RecordEntry.None;

    public AuditHealth Health => new("example.org/log", _entries.Count, _entries.Count, 0, 0, "");

    public ImmutableArray<RecordEntry> Entries
    {
        get
        {
            lock (_gate) return [.. _entries];
        }
    }

    public bool TryAppend(AuditRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        lock (_gate)
        {
            if (record.Body is not null || !record.Utf8Body.IsEmpty)
            {
                string commitment = record.Body is { } text ? Commitment.To(text, out byte[] body) : Commitment.To(record.Utf8Body.Span, out body);
                _bodies.Add(commitment, body);
                record.Data.Add(RecordNames.Body, commitment);
            }

            byte[] bytes = RecordEntry.Write(_entries.Count, _last, record.Type, record.At, record.Data);
            _last = RecordEntry.HashOf(bytes);
            Assert.True(RecordEntry.TryRead(bytes, out RecordEntry? entry, out string fault), fault);
            _entries.Add(entry);
            return true;
        }
    }

    public ValueTask<bool> SettleAsync(CancellationToken cancellationToken) => ValueTask.FromResult(true);

    /// <summary>The text that an entry committed to.</summary>
    public string? BodyOf(RecordEntry entry)
    {
        if (!entry.Data.TryGetProperty(RecordNames.Body, out JsonElement commitment) || commitment.ValueKind != JsonValueKind.String) return null;
        lock (_gate) return _bodies.TryGetValue(commitment.GetString()!, out byte[]? body) ? Commitment.Open(commitment.GetString()!, body) : null;
    }

    /// <summary>Who changes the text behind a commitment commits to the other one.</summary>
    public string Commit(string text)
    {
        string commitment = Commitment.To(text, out byte[] body);
        lock (_gate) _bodies.Add(commitment, body);
        return commitment;
    }

    public ReplaySummary Replay(IEnumerable<RecordEntry>? entries = null, bool withBodies = true)
    {
        LogReplay replay = new(new ReplayOptions());
        foreach (RecordEntry entry in entries ?? Entries) replay.Add(entry, withBodies ? BodyOf(entry) : null);
        return replay.Complete();
    }
}
