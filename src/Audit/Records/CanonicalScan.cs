using System.Buffers;
using System.Text;
using System.Text.Json;
using Spiffe.Agent.Identity.Json;

namespace Spiffe.Agent.Audit.Records;

/// <summary>Whether bytes are canonical JSON (RFC 8785), found out in one pass without writing the value again: that is what verifying a log mostly does.</summary>
/// <remarks>The bytes are valid UTF-8: the caller has seen to that. Every method gives the place behind what begins at the one given, or <see cref="None"/>: it is not canonical.</remarks>
internal static class CanonicalScan
{
    public const int None = -1;

    /// <summary>Deepest nesting that is read: rights may be as deep as tasks allow, within their list, the data and the envelope. Ours: bounds recursion.</summary>
    public const int MaxDepth = 32;

    /// <summary>Most digits that a double holds whatever they are.</summary>
    private const int SureDigits = 15;

    /// <summary>Longest number, in characters: ECMAScript writes none of 26.</summary>
    private const int MaxNumberLength = 25;

    private static readonly SearchValues<byte> Special = SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(b => (byte)b)]);
    private static readonly SearchValues<byte> OfNumbers = SearchValues.Create("+-.0123456789Ee"u8);

    /// <param name="json">UTF-8.</param>
    /// <param name="at">Where the value begins.</param>
    /// <param name="depth">In how many objects and arrays it is.</param>
    public static int Value(ReadOnlySpan<byte> json, int at, int depth = 0) => ByteAt(json, at) switch
    {
        (byte)'{' => depth < MaxDepth ? Object(json, at, depth) : None,
        (byte)'[' => depth < MaxDepth ? Array(json, at, depth) : None,
        (byte)'"' => String(json, at),
        (byte)'t' => Word(json, at, "true"u8),
        (byte)'f' => Word(json, at, "false"u8),
        (byte)'n' => Word(json, at, "null"u8),
        _ => Number(json, at),
    };

    /// <summary>A text with its quotes: only what must be escaped is, in the one way that there is. RFC 8785 §3.2.2.2.</summary>
    public static int String(ReadOnlySpan<byte> json, int at)
    {
        if (ByteAt(json, at++) != '"') return None;
        while (true)
        {
            int plain = json[at..].IndexOfAny(Special);
            if (plain < 0) return None;
            at += plain;
            if (json[at] == '"') return at + 1;
            if (json[at] != '\\') return None;
            at = Escape(json, at + 1);
            if (at == None) return None;
        }
    }

    /// <summary>A number as ECMAScript writes it, and none that a double does not hold. RFC 8785 §3.2.2.3.</summary>
    public static int Number(ReadOnlySpan<byte> json, int at)
    {
        int digits = ByteAt(json, at) == '-' ? at + 1 : at;
        int end = digits;
        while (char.IsAsciiDigit((char)ByteAt(json, end))) end++;
        bool isPlain = end > digits && end - digits <= SureDigits && !OfNumbers.Contains(ByteAt(json, end));
        if (isPlain) return json[digits] != '0' || end == at + 1 ? end : None;
        return RareNumber(json, at);
    }

    private static int Object(ReadOnlySpan<byte> json, int at, int depth)
    {
        if (ByteAt(json, at + 1) == '}') return at + 2;
        ReadOnlySpan<byte> before = default;
        bool isFirst = true;
        do
        {
            int name = at + 1;
            at = String(json, name);
            if (at == None || ByteAt(json, at) != ':') return None;
            ReadOnlySpan<byte> own = json[name..at];
            if (!isFirst && !IsAscending(before, own)) return None;
            before = own;
            isFirst = false;
            at = Value(json, at + 1, depth + 1);
            if (at == None) return None;
        }
        while (ByteAt(json, at) == ',');
        return ByteAt(json, at) == '}' ? at + 1 : None;
    }

    private static int Array(ReadOnlySpan<byte> json, int at, int depth)
    {
        if (ByteAt(json, at + 1) == ']') return at + 2;
        do
        {
            at = Value(json, at + 1, depth + 1);
            if (at == None) return None;
        }
        while (ByteAt(json, at) == ',');
        return ByteAt(json, at) == ']' ? at + 1 : None;
    }

    // Behind the backslash.
    private static int Escape(ReadOnlySpan<byte> json, int at)
    {
        if (ByteAt(json, at) is (byte)'"' or (byte)'\\' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t') return at + 1;
        if (ByteAt(json, at) != 'u' || json.Length < at + 5) return None;
        ReadOnlySpan<byte> digits = json.Slice(at + 1, 4);
        bool isControl = digits[0] == '0' && digits[1] == '0' && digits[2] is (byte)'0' or (byte)'1' && digits[3] is (>= (byte)'0' and <= (byte)'9') or (>= (byte)'a' and <= (byte)'f');
        bool isShort = digits[2] == '0' && digits[3] is (byte)'8' or (byte)'9' or (byte)'a' or (byte)'c' or (byte)'d';
        return isControl && !isShort ? at + 5 : None;
    }

    /// <summary>By UTF-16 code units, which is the order of bytes except where one name has escapes or what is beyond ASCII. RFC 8785 §3.2.3.</summary>
    private static bool IsAscending(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        if (Ascii.IsValid(before) && Ascii.IsValid(after) && !before.Contains((byte)'\\') && !after.Contains((byte)'\\')) return before[1..^1].SequenceCompareTo(after[1..^1]) < 0;
        return string.CompareOrdinal(Text(before), Text(after)) < 0;
    }

    private static string Text(ReadOnlySpan<byte> quoted)
    {
        Utf8JsonReader reader = new(quoted);
        reader.Read();
        return reader.GetString()!;
    }

    // Fractions, exponents and more digits: rare in a log, so that they may cost more.
    private static int RareNumber(ReadOnlySpan<byte> json, int at)
    {
        ReadOnlySpan<byte> rest = json[at..];
        int length = rest.IndexOfAnyExcept(OfNumbers);
        if (length < 0) length = rest.Length;
        if (length is 0 or > MaxNumberLength) return None;
        try
        {
            using JsonDocument number = JsonDocument.Parse(rest[..length].ToArray());
            return CanonicalJson.Of(number.RootElement, exactNumbers: true).AsSpan().SequenceEqual(rest[..length]) ? at + length : None;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return None;
        }
    }

    private static int Word(ReadOnlySpan<byte> json, int at, ReadOnlySpan<byte> word) => json[at..].StartsWith(word) ? at + word.Length : None;

    // Zero is in no JSON.
    private static byte ByteAt(ReadOnlySpan<byte> json, int at) => at < json.Length ? json[at] : (byte)0;
}
