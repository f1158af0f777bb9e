using System.Text.Json;

namespace Spiffe.Agent.Identity.Jwt;

/// <summary>The registered claims (RFC 7519 §4.1), each of the right type or absent.</summary>
internal sealed record TokenClaims
{
    // 9999-12-31T23:59:59Z: what a date can hold.
    private const long MaxNumericDate = 253_402_300_799;

    public required SpiffeId Id { get; init; }

    /// <summary><see langword="null"/> when there is no <c>aud</c>; a single text is an array of one.</summary>
    public required string[]? Audience { get; init; }

    public DateTimeOffset? ExpiresAt { get; private set; }

    public DateTimeOffset? NotBefore { get; private set; }

    public DateTimeOffset? IssuedAt { get; private set; }

    public string? TokenId { get; private init; }

    public static TokenRule TryRead(JsonElement root, out TokenClaims? claims)
    {
        claims = null;
        if (root.Text("sub") is not { } subject || !SpiffeId.TryParse(subject, out SpiffeId? id, out _)) return TokenRule.SubjectNotSpiffeId;
        if (id.IsTrustDomain) return TokenRule.SubjectWithoutPath;
        if (!TryReadAudience(root, out string[]? audience)) return TokenRule.ClaimsMalformed;
        if (!IsTextOrAbsent(root, "iss") || !IsTextOrAbsent(root, "jti")) return TokenRule.ClaimsMalformed;

        TokenClaims read = new() { Id = id, Audience = audience, TokenId = root.Text("jti") };
        if (!TryReadDate(root, "exp", out DateTimeOffset? expiresAt)
            || !TryReadDate(root, "nbf", out DateTimeOffset? notBefore)
            || !TryReadDate(root, "iat", out DateTimeOffset? issuedAt)) return TokenRule.ClaimsMalformed;
        (read.ExpiresAt, read.NotBefore, read.IssuedAt) = (expiresAt, notBefore, issuedAt);
        claims = read;
        return TokenRule.None;
    }

    private static bool IsTextOrAbsent(JsonElement root, string name) =>
        !root.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.String;

    // RFC 7519 §4.1.3: an array of texts, or a single text.
    private static bool TryReadAudience(JsonElement root, out string[]? audience)
    {
        audience = null;
        if (!root.TryGetProperty("aud", out JsonElement value)) return true;
        if (value.ValueKind == JsonValueKind.String)
        {
            audience = [value.GetString()!];
            return true;
        }

        if (value.ValueKind != JsonValueKind.Array) return false;
        string[] values = new string[value.GetArrayLength()];
        int at = 0;
        foreach (JsonElement item in value.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String) return false;
            values[at++] = item.GetString()!;
        }

        audience = values;
        return true;
    }

    // RFC 7519 §2 NumericDate: seconds since 1970, a number, fractions allowed. Null, text, negative and out of range are malformed, not absent.
    private static bool TryReadDate(JsonElement root, string name, out DateTimeOffset? date)
    {
        date = null;
        if (!root.TryGetProperty(name, out JsonElement value)) return true;
        if (value.ValueKind != JsonValueKind.Number) return false;
        if (value.TryGetInt64(out long whole))
        {
            if (whole is < 0 or > MaxNumericDate) return false;
            date = DateTimeOffset.FromUnixTimeSeconds(whole);
            return true;
        }

        if (!value.TryGetDouble(out double seconds) || !(seconds >= 0 && seconds <= MaxNumericDate)) return false;
        date = DateTimeOffset.UnixEpoch.AddSeconds(seconds);
        return true;
    }
}
