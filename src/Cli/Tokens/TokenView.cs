using System.Buffers.Text;
using System.Text.Json;

namespace Spiffe.Agent.Cli.Tokens;

/// <summary>What a token says of itself. Decoded, not checked: only <c>validate jwt</c> says whether to believe it.</summary>
/// <param name="Header">The JOSE header.</param>
/// <param name="Claims">The claims.</param>
internal sealed record TokenView(JsonElement Header, JsonElement Claims)
{
    /// <summary>Longest token that is decoded, in characters. Ours: four times what fits into common HTTP headers.</summary>
    public const int MaxLength = 64 * 1024;

    /// <summary><c>exp</c>; null when it is absent or no moment.</summary>
    public DateTimeOffset? ExpiresAt => MomentOf("exp");

    /// <summary><c>iat</c>; null when it is absent or no moment.</summary>
    public DateTimeOffset? IssuedAt => MomentOf("iat");

    /// <summary>One or several: <c>aud</c> may be a text or a list (RFC 7519 §4.1.3).</summary>
    public IReadOnlyList<string> Audience => !Claims.TryGetProperty("aud", out JsonElement aud) ? []
        : aud.ValueKind == JsonValueKind.String ? [aud.GetString()!]
        : aud.ValueKind == JsonValueKind.Array ? [.. aud.EnumerateArray().Where(a => a.ValueKind == JsonValueKind.String).Select(a => a.GetString()!)]
        : [];

    /// <exception cref="FormatException">Not a JWS in compact serialization over a JSON object.</exception>
    public static TokenView Read(string token)
    {
        string[] parts = token.Length <= MaxLength ? token.Split('.') : [];
        return parts.Length == 3 ? new TokenView(Decode(parts[0]), Decode(parts[1])) : throw new FormatException("not a token in compact serialization");
    }

    /// <summary>A member's text; null when it is absent or no text.</summary>
    public static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static JsonElement Decode(string part)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(Base64Url.DecodeFromChars(part), new JsonDocumentOptions { AllowDuplicateProperties = false });
            return json.RootElement.ValueKind == JsonValueKind.Object ? json.RootElement.Clone() : throw new FormatException("a part of the token is no JSON object");
        }
        catch (JsonException e)
        {
            throw new FormatException("a part of the token is no JSON", e);
        }
    }

    private DateTimeOffset? MomentOf(string name)
    {
        if (!Claims.TryGetProperty(name, out JsonElement value) || value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out double seconds)) return null;
        return seconds >= 0 && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? DateTimeOffset.FromUnixTimeSeconds((long)seconds) : null;
    }
}
