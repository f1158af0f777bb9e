using System.Text;
using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Records;

namespace Spiffe.Agent.Audit.Verification;

/// <summary>An entry that verifying found intact: canonical, in its place, and the one that the tree holds.</summary>
/// <remarks>Its bytes are the verifier's, and are another entry's as soon as whoever was given it returns: copy what is to stay.</remarks>
public sealed class LogEntry
{
    private readonly EntryEnvelope _envelope;
    private RecordEntry? _parsed;
    private string? _type;

    internal LogEntry(ReadOnlyMemory<byte> bytes, in EntryEnvelope envelope, string? body, bool isJournaled)
    {
        Bytes = bytes;
        _envelope = envelope;
        Body = body;
        IsJournaled = isJournaled;
    }

    /// <summary>Its index.</summary>
    public long Seq => _envelope.Seq;

    public DateTimeOffset At => _envelope.At;

    /// <summary>One of <see cref="RecordTypes"/>, or what a later version writes.</summary>
    public string Type => _type ??= TypeNames.Of(TypeUtf8);

    /// <summary>The same as it stands in the entry.</summary>
    public ReadOnlySpan<byte> TypeUtf8 => Bytes.Span[_envelope.Type];

    /// <summary>SHA-256 of the entry before.</summary>
    public TreeHash Previous => _envelope.Previous;

    /// <summary>The whole entry, as it is hashed.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>What it says beside its envelope: a canonical object.</summary>
    public ReadOnlyMemory<byte> Data => Bytes[_envelope.Data];

    /// <summary>The text that it committed to, where that is still kept; null: there is none, or it was erased.</summary>
    public string? Body { get; }

    /// <summary>Whether it lies behind the newest checkpoint: on the disk, and not yet signed for.</summary>
    public bool IsJournaled { get; }

    /// <summary>The entry in parsed form, of memory of its own. Made when first asked for.</summary>
    public RecordEntry Parsed => _parsed ??= RecordEntry.TryRead(Bytes, out RecordEntry? entry, out string fault) ? entry : throw new InvalidOperationException($"what was read quickly cannot be read: {fault}");

    public override string ToString() => Encoding.UTF8.GetString(Bytes.Span);
}
