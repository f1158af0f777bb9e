using System.Text.Json;

namespace Spiffe.Agent.Identity.Jwt;

/// <summary>Registered claims (RFC 7519 §4.1), each of the right type or absent: false is a claim of the wrong one.</summary>
internal static class ClaimReader
{
    // 9999-12-31T23:59:59Z: what a date can hold.
    private const long MaxNumericDate = 253_402_300_799;

    public static bool IsTextOrAbsent(JsonElement root, string name) =>
        !root.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.String;

    /// <summary>RFC 7519 §4.1.3: an array of texts, or a single text, which is an array of one; <see langword="null"/> when there is no <c>aud</c>.</summary>
    public static bool TryReadAudience(JsonElement root, out string[]? audience)
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

    /// <summary>RFC 7519 §2 NumericDate: seconds since 1970, a number, fractions allowed. Null, text, negative and out of range are malformed, not absent.</summary>
    public static bool TryReadDate(JsonElement root, string name, out DateTimeOffset? date)
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
