using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Spiffe.Agent.Identity.Json;

/// <summary>The one way to write a JSON value, so that equal values have equal bytes and digests. RFC 8785 (JCS).</summary>
public static class CanonicalJson
{
    /// <summary>Deepest nesting that is written, in levels. Ours: bounds recursion.</summary>
    public const int MaxDepth = 64;

    /// <summary>The canonical bytes of a value. Of two members with one name the last counts, as <see cref="JsonElement"/> has it: refuse such input beforehand.</summary>
    /// <param name="element">The value.</param>
    /// <param name="exactNumbers">Refuse numbers that a double cannot hold as they are written: otherwise two of them may have one canonical form.</param>
    /// <exception cref="FormatException">A text holds half a surrogate pair, a number is out of the range of a double or not exact, or the nesting is deeper than <see cref="MaxDepth"/>.</exception>
    public static byte[] Of(JsonElement element, bool exactNumbers = false)
    {
        CanonicalWriter writer = new();
        Write(writer, element, exactNumbers, 0);
        return writer.ToArray();
    }

    /// <summary>SHA-256 of canonical bytes, base64url without padding.</summary>
    public static string Digest(ReadOnlySpan<byte> canonical)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(canonical, hash);
        return Base64Url.EncodeToString(hash);
    }

    private static void Write(CanonicalWriter writer, JsonElement element, bool exactNumbers, int depth)
    {
        if (depth > MaxDepth) throw new FormatException($"nested deeper than {MaxDepth} levels");
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                SortedDictionary<string, JsonElement> members = new(StringComparer.Ordinal); // §3.2.3: by UTF-16 code units.
                foreach (JsonProperty member in element.EnumerateObject()) members[Whole(() => member.Name)] = member.Value;
                writer.BeginObject();
                foreach ((string name, JsonElement value) in members)
                {
                    writer.Name(name);
                    Write(writer, value, exactNumbers, depth + 1);
                }

                writer.EndObject();
                break;
            case JsonValueKind.Array:
                writer.BeginArray();
                foreach (JsonElement item in element.EnumerateArray()) Write(writer, item, exactNumbers, depth + 1);
                writer.EndArray();
                break;
            case JsonValueKind.String:
                writer.String(Whole(() => element.GetString()!));
                break;
            case JsonValueKind.Number:
                if (!element.TryGetDouble(out double number) || !double.IsFinite(number)) throw new FormatException("a number is out of range");
                if (exactNumbers && !EcmaScriptNumber.IsExact(element.GetRawText(), number)) throw new FormatException("a number has more digits than a double holds");
                writer.Number(number);
                break;
            case JsonValueKind.True or JsonValueKind.False:
                writer.Boolean(element.ValueKind == JsonValueKind.True);
                break;
            default:
                writer.Null();
                break;
        }
    }

    private static string Whole(Func<string> text)
    {
        try
        {
            return text();
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException("a text is not valid Unicode", e);
        }
    }
}
