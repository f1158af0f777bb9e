using System.Text;
using System.Text.Json;

namespace Spiffe.Agent.Cli.Tasks;

/// <summary>An authorization detail (RFC 9396) for people: <c>ticket: read at https://t.example/1</c>, then what else it holds. What is not one is shown as it is.</summary>
internal static class GrantText
{
    private static readonly string[] Told = ["type", "actions", "locations"];

    /// <summary>One detail, on one line.</summary>
    public static string Of(string detail)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(detail);
            return Of(json.RootElement) ?? detail;
        }
        catch (JsonException)
        {
            return detail;
        }
    }

    /// <summary>Every detail of a JSON array of them, in its order.</summary>
    public static IReadOnlyList<string> All(string details)
    {
        if (details.Length == 0) return [];
        try
        {
            using JsonDocument json = JsonDocument.Parse(details);
            return json.RootElement.ValueKind == JsonValueKind.Array ? [.. json.RootElement.EnumerateArray().Select(d => Of(d) ?? d.GetRawText())] : [details];
        }
        catch (JsonException)
        {
            return [details];
        }
    }

    private static string? Of(JsonElement detail)
    {
        if (detail.ValueKind != JsonValueKind.Object || !detail.TryGetProperty("type", out JsonElement type) || type.ValueKind != JsonValueKind.String) return null;
        StringBuilder text = new(type.GetString());
        if (Texts(detail, "actions") is { Length: > 0 } actions) text.Append(": ").Append(actions);
        if (Texts(detail, "locations") is { Length: > 0 } locations) text.Append(" at ").Append(locations);
        foreach (JsonProperty member in detail.EnumerateObject().Where(m => !Told.Contains(m.Name, StringComparer.Ordinal))) text.Append("; ").Append(member.Name).Append(' ').Append(Value(member.Value));
        return text.ToString();
    }

    private static string Texts(JsonElement detail, string name) => detail.TryGetProperty(name, out JsonElement texts) ? Value(texts) : "";

    private static string Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Value)),
        _ => value.GetRawText(),
    };
}
