using System.Text.Json;
using Google.Protobuf.WellKnownTypes;

namespace Spiffe.Agent.Endpoints.WorkloadApi;

/// <summary>JSON claims of a checked token as google.protobuf.Struct. Depth and size are bounded by the validator that read them before.</summary>
internal static class ClaimsWriter
{
    /// <param name="claims">A JSON object, UTF-8.</param>
    public static Struct ToStruct(ReadOnlyMemory<byte> claims)
    {
        using JsonDocument document = JsonDocument.Parse(claims);
        return ToStruct(document.RootElement);
    }

    private static Struct ToStruct(JsonElement element)
    {
        Struct fields = new();
        foreach (JsonProperty property in element.EnumerateObject()) fields.Fields[property.Name] = ToValue(property.Value);
        return fields;
    }

    private static Value ToValue(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => Value.ForStruct(ToStruct(element)),
        JsonValueKind.Array => Value.ForList([.. element.EnumerateArray().Select(ToValue)]),
        JsonValueKind.String => Value.ForString(element.GetString()!),
        JsonValueKind.Number => Value.ForNumber(element.GetDouble()),
        JsonValueKind.True => Value.ForBool(true),
        JsonValueKind.False => Value.ForBool(false),
        _ => Value.ForNull(),
    };
}
