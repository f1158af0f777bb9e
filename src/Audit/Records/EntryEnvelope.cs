using System.Text.Unicode;
using Spiffe.Agent.Audit.Merkle;

namespace Spiffe.Agent.Audit.Records;

/// <summary>What every entry says, and where in its bytes the rest stands: what <see cref="RecordEntry"/> reads, without memory of its own.</summary>
/// <param name="Seq">Its index in the log.</param>
/// <param name="Previous">SHA-256 of the entry before.</param>
/// <param name="At">When.</param>
/// <param name="Data">Where its data are: a canonical object.</param>
/// <param name="Type">Where its type is, without quotes.</param>
internal readonly record struct EntryEnvelope(long Seq, TreeHash Previous, DateTimeOffset At, Range Data, Range Type)
{
    private const int HashLength = 43;

    /// <summary>Reads just what <see cref="RecordEntry.TryRead"/> does; why not, that one says.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out EntryEnvelope envelope)
    {
        envelope = default;
        if (bytes.Length > RecordEntry.MaxLength || !Utf8.IsValid(bytes)) return false;
        int at = 0;
        if (!Take(bytes, ref at, "{\"at\":\""u8) || bytes.Length - at < RecordTime.Length || !RecordTime.TryParse(bytes.Slice(at, RecordTime.Length), out DateTimeOffset time)) return false;
        at += RecordTime.Length;
        if (!Take(bytes, ref at, "\",\"data\":"u8) || at == bytes.Length || bytes[at] != '{') return false;
        int data = at;
        at = CanonicalScan.Value(bytes, at, depth: 1);
        if (at == CanonicalScan.None) return false;
        int dataEnd = at;
        if (!Take(bytes, ref at, ",\"prev\":\""u8) || bytes.Length - at < HashLength || !HashText.TryParse(bytes.Slice(at, HashLength), out TreeHash previous)) return false;
        at += HashLength;
        if (!Take(bytes, ref at, "\",\"seq\":"u8) || !TryTakeIndex(bytes, ref at, out long seq) || !Take(bytes, ref at, ",\"type\":\""u8)) return false;
        int type = at;
        while (at < bytes.Length && (char.IsAsciiLetterLower((char)bytes[at]) || char.IsAsciiDigit((char)bytes[at]) || bytes[at] == '_')) at++;
        if (at - type is 0 or > RecordFields.MaxNameLength || !char.IsAsciiLetterLower((char)bytes[type])) return false;
        int typeEnd = at;
        if (!Take(bytes, ref at, "\"}"u8) || at != bytes.Length) return false;
        envelope = new EntryEnvelope(seq, previous, time, data..dataEnd, type..typeEnd);
        return true;
    }

    private static bool Take(ReadOnlySpan<byte> bytes, ref int at, ReadOnlySpan<byte> expected)
    {
        if (!bytes[at..].StartsWith(expected)) return false;
        at += expected.Length;
        return true;
    }

    private static bool TryTakeIndex(ReadOnlySpan<byte> bytes, ref int at, out long index)
    {
        index = 0;
        int start = at;
        for (; at < bytes.Length && char.IsAsciiDigit((char)bytes[at]); at++)
        {
            index = (index * 10) + (bytes[at] - '0');
            if (index > RecordFields.MaxNumber) return false;
        }

        return at > start && (bytes[start] != '0' || at == start + 1);
    }
}
