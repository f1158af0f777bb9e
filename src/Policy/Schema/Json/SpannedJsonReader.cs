using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Policy.Schema.Json;

/// <summary>Reads JSON strictly (no comments, no trailing commas, no name twice in an object), at most <see cref="SchemaLimits.MaxJsonDepth"/> deep.</summary>
internal ref struct SpannedJsonReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly SchemaNotices _notices;
    private Utf8JsonReader _reader;
    private int _byteOffset;
    private int _charOffset;

    private SpannedJsonReader(ReadOnlySpan<byte> bytes, SchemaNotices notices)
    {
        _bytes = bytes;
        _notices = notices;
        _reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = SchemaLimits.MaxJsonDepth });
    }

    /// <summary>The value, or null where the text is no JSON, which has been reported.</summary>
    public static SpannedJson? Read(string json, SchemaNotices notices)
    {
        SpannedJsonReader reader = new(Encoding.UTF8.GetBytes(json), notices);
        try
        {
            reader._reader.Read();
            SpannedJson value = reader.Value();
            reader._reader.Read();
            return value;
        }
        catch (JsonException)
        {
            notices.Error("this is no JSON, or is nested too deep", reader.Here());
            return null;
        }
        catch (InvalidOperationException)
        {
            notices.Error("this string holds half of a surrogate pair", reader.Here());
            return null;
        }
    }

    private SpannedJson Value()
    {
        SourceSpan span = Here();
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return new SpannedJson(JsonValueKind.Object, "", [], Members(), span);
            case JsonTokenType.StartArray:
                return new SpannedJson(JsonValueKind.Array, "", Items(), [], span);
            case JsonTokenType.String:
                return new SpannedJson(JsonValueKind.String, _reader.GetString() ?? "", [], [], span);
            case JsonTokenType.True:
                return new SpannedJson(JsonValueKind.True, "", [], [], span);
            case JsonTokenType.False:
                return new SpannedJson(JsonValueKind.False, "", [], [], span);
            case JsonTokenType.Number:
                return new SpannedJson(JsonValueKind.Number, "", [], [], span);
            default:
                return new SpannedJson(JsonValueKind.Null, "", [], [], span);
        }
    }

    private ImmutableArray<SpannedJson> Items()
    {
        ImmutableArray<SpannedJson>.Builder items = ImmutableArray.CreateBuilder<SpannedJson>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray) items.Add(Value());
        return items.ToImmutable();
    }

    private ImmutableArray<SpannedMember> Members()
    {
        ImmutableArray<SpannedMember>.Builder members = ImmutableArray.CreateBuilder<SpannedMember>();
        HashSet<string> names = new(StringComparer.Ordinal);
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            SourceSpan span = Here();
            string name = _reader.GetString() ?? "";
            _reader.Read();
            SpannedJson value = Value();
            if (names.Add(name)) members.Add(new SpannedMember(name, span, value));
            else _notices.Error($"{StringEscape.Quote(name)} stands twice in this object", span);
        }

        return members.ToImmutable();
    }

    /// <summary>Where the current token stands, without the colon that a reader of names consumes with it. Tokens come in order, so counting on from the last one is linear in all.</summary>
    private SourceSpan Here()
    {
        int start = Math.Min((int)_reader.TokenStartIndex, _bytes.Length);
        bool quoted = _reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String;
        int end = quoted ? start + _reader.ValueSpan.Length + 2 : Math.Max(start, (int)_reader.BytesConsumed);
        end = Math.Min(end, _bytes.Length);
        if (start > _byteOffset)
        {
            _charOffset += Encoding.UTF8.GetCharCount(_bytes[_byteOffset..start]);
            _byteOffset = start;
        }

        return new SourceSpan(_charOffset, Encoding.UTF8.GetCharCount(_bytes[start..end]));
    }
}
