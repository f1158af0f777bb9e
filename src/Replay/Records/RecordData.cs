using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Spiffe.Agent.Replay.Records;

/// <summary>What an entry says beside its envelope: where in its bytes each member is that rules look at. Reads each byte once and keeps nothing.</summary>
internal ref struct RecordData
{
    /// <summary>How many members there are; <see cref="RecordMember.None"/> is one.</summary>
    private const int Count = (int)RecordMember.Class + 1;

    private const string TimeForm = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    private static readonly NameTable<RecordMember> Members = new(Enum.GetValues<RecordMember>().Skip(1).Select(member => (NameOf(member), member)));

    private readonly ReadOnlySpan<byte> _json;
    private Places _places;

    private RecordData(ReadOnlySpan<byte> json) => _json = json;

    /// <summary>False: it is no JSON object.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, out RecordData data)
    {
        data = new RecordData(json);
        try
        {
            Utf8JsonReader reader = new(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                RecordMember member = reader.ValueIsEscaped ? RecordMember.None : Members.Find(reader.ValueSpan);
                reader.Read();
                int start = (int)reader.TokenStartIndex;
                JsonTokenType type = reader.TokenType;
                bool isEscaped = type == JsonTokenType.String && reader.ValueIsEscaped;
                reader.Skip();
                if (member != RecordMember.None) data._places[(int)member] = new Place(start, (int)reader.BytesConsumed - start, type, isEscaped);
            }

            return reader.TokenType == JsonTokenType.EndObject && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public readonly bool Has(RecordMember member) => _places[(int)member].Length > 0;

    /// <summary>A text as UTF-8; empty where there is none, or no text.</summary>
    public readonly ReadOnlySpan<byte> Utf8(RecordMember member)
    {
        Place place = _places[(int)member];
        if (place.Type != JsonTokenType.String) return default;
        return place.IsEscaped ? Encoding.UTF8.GetBytes(Text(member)) : _json.Slice(place.Start + 1, place.Length - 2);
    }

    /// <summary>A text; empty where there is none, or no text.</summary>
    public readonly string Text(RecordMember member)
    {
        Place place = _places[(int)member];
        if (place.Type != JsonTokenType.String) return "";
        if (!place.IsEscaped) return Encoding.UTF8.GetString(_json.Slice(place.Start + 1, place.Length - 2));
        Utf8JsonReader reader = new(_json.Slice(place.Start, place.Length));
        reader.Read();
        return TextOf(ref reader);
    }

    /// <summary>A whole number; null where there is none.</summary>
    public readonly long? Number(RecordMember member)
    {
        Place place = _places[(int)member];
        if (place.Type != JsonTokenType.Number) return null;
        return Utf8Parser.TryParse(_json.Slice(place.Start, place.Length), out long number, out int read) && read == place.Length ? number : null;
    }

    /// <summary>A time; null where there is none.</summary>
    public readonly DateTimeOffset? Time(RecordMember member)
    {
        ReadOnlySpan<byte> text = Utf8(member);
        if (text.Length != TimeForm.Length - 4) return null;
        Span<char> chars = stackalloc char[text.Length];
        Encoding.Latin1.GetChars(text, chars);
        return DateTimeOffset.TryParseExact(chars, TimeForm, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time) ? time : null;
    }

    /// <summary>The value as it stands in the entry; empty where there is none.</summary>
    public readonly ReadOnlySpan<byte> Raw(RecordMember member) => _json.Slice(_places[(int)member].Start, _places[(int)member].Length);

    /// <summary>Texts in a list; what is no text is left out.</summary>
    public readonly List<string> Texts(RecordMember member)
    {
        List<string> texts = [];
        if (_places[(int)member].Type != JsonTokenType.StartArray) return texts;
        Utf8JsonReader reader = new(Raw(member));
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.String) texts.Add(TextOf(ref reader));
        }

        return texts;
    }

    private static string TextOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return ""; // Half a surrogate pair: no text.
        }
    }

    // InputS256 is input_s256, ExpiresAt expires_at.
    private static string NameOf(RecordMember member) =>
        string.Concat(member.ToString().Select((c, i) => i > 0 && char.IsAsciiLetterUpper(c) ? $"_{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));

    private readonly record struct Place(int Start, int Length, JsonTokenType Type, bool IsEscaped);

    [InlineArray(Count)]
    private struct Places
    {
        private Place _first;
    }
}
