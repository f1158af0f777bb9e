using System.Text.Json;
using Google.Protobuf.WellKnownTypes;

namespace Spiffe.Agent.Cli.Tokens;

/// <summary>Claims that came as a protobuf Struct, as the JSON that they were. Its numbers are doubles; whole ones are written as such.</summary>
internal static class ClaimsJson
{
    /// <summary>From here on a double no longer holds every whole number.</summary>
    private const double LargestExact = 9_007_199_254_740_992;

    public static JsonElement ToJson(Struct claims)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes)) Write(json, claims);
        using JsonDocument document = JsonDocument.Parse(bytes.ToArray());
        return document.RootElement.Clone();
    }

    private static void Write(Utf8JsonWriter json, Struct claims)
    {
        json.WriteStartObject();
        foreach ((string name, Value value) in claims.Fields.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            json.WritePropertyName(name);
            Write(json, value);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Value value)
    {
        switch (value.KindCase)
        {
            case Value.KindOneofCase.BoolValue: json.WriteBooleanValue(value.BoolValue); break;
            case Value.KindOneofCase.StringValue: json.WriteStringValue(value.StringValue); break;
            case Value.KindOneofCase.StructValue: Write(json, value.StructValue); break;
            case Value.KindOneofCase.NumberValue: WriteNumber(json, value.NumberValue); break;
            case Value.KindOneofCase.ListValue:
                json.WriteStartArray();
                foreach (Value item in value.ListValue.Values) Write(json, item);
                json.WriteEndArray();
                break;
            default: json.WriteNullValue(); break;
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, double number)
    {
        if (Math.Abs(number) < LargestExact && Math.Floor(number) == number) json.WriteNumberValue((long)number);
        else if (double.IsFinite(number)) json.WriteNumberValue(number);
        else json.WriteNullValue();
    }
}
