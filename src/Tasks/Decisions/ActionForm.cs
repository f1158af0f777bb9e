using System.Collections.Immutable;
using System.Text.Json;
using Spiffe.Agent.Identity.Json;
using Spiffe.Agent.Tasks.Grants;

namespace Spiffe.Agent.Tasks.Decisions;

/// <summary>An action as canonical JSON, and back: of its parameters what constraints and policies see – texts, numbers, names of the rest – and the digest of the whole.</summary>
internal static class ActionForm
{
    public static void Write(CanonicalWriter writer, ActionQuestion action)
    {
        ImmutableSortedDictionary<string, ParameterValue> values = action.Parameters.Values;
        writer.BeginObject();
        Text(writer, "action", action.Action);
        Text(writer, "audience", action.Audience);
        Text(writer, "boundary", action.Boundary);
        Text(writer, "datatype", action.Datatype);
        Text(writer, "identifier", action.Identifier);
        Names(writer, "inexact", values, isInexact: true);
        Text(writer, "location", action.Location?.ToString());
        Numbers(writer, values);
        Names(writer, "others", values, isInexact: false);
        Text(writer, "params_s256", action.Parameters.Digest);
        Texts(writer, values);
        Text(writer, "tool", action.Tool);
        Text(writer, "type", action.Type);
        writer.EndObject();
    }

    /// <summary>Reads what <see cref="Write"/> wrote; what it did not write shows when this is written again.</summary>
    /// <exception cref="FormatException">Something is no location or no number.</exception>
    /// <exception cref="InvalidOperationException">Something is of another kind.</exception>
    /// <exception cref="ArgumentException">A parameter is there twice.</exception>
    public static ActionQuestion Read(JsonElement action, Sensitivity sensitivity) => new()
    {
        Type = Text(action, "type") ?? "",
        Action = Text(action, "action") ?? "",
        Audience = Text(action, "audience"),
        Boundary = Text(action, "boundary"),
        Datatype = Text(action, "datatype"),
        Identifier = Text(action, "identifier"),
        Location = Text(action, "location") is { } place ? GrantLocation.Parse(place) : null,
        Parameters = Parameters(action),
        Sensitivity = sensitivity,
        Tool = Text(action, "tool"),
    };

    private static ActionParameters Parameters(JsonElement action)
    {
        ImmutableSortedDictionary<string, ParameterValue>.Builder values = ActionParameters.None.Values.ToBuilder();
        if (action.TryGetProperty("inexact"u8, out JsonElement inexact))
        {
            foreach (JsonElement name in inexact.EnumerateArray()) values.Add(name.GetString()!, ParameterValue.Inexact);
        }

        if (action.TryGetProperty("numbers"u8, out JsonElement numbers))
        {
            foreach (JsonProperty number in numbers.EnumerateObject()) values.Add(number.Name, ParameterValue.Of(Number(number.Value)));
        }

        if (action.TryGetProperty("others"u8, out JsonElement others))
        {
            foreach (JsonElement name in others.EnumerateArray()) values.Add(name.GetString()!, default);
        }

        if (action.TryGetProperty("texts"u8, out JsonElement texts))
        {
            foreach (JsonProperty text in texts.EnumerateObject()) values.Add(text.Name, ParameterValue.Of(text.Value.GetString()!));
        }

        string? digest = Text(action, "params_s256");
        return digest is null && values.Count == 0 ? ActionParameters.None : ActionParameters.Recorded(values.ToImmutable(), digest);
    }

    private static decimal Number(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && JsonParts.TryExact(element.GetRawText(), out decimal number) ? number : throw new FormatException("not a number that is exact");

    private static void Numbers(CanonicalWriter writer, ImmutableSortedDictionary<string, ParameterValue> values)
    {
        bool isFirst = true;
        foreach ((string name, ParameterValue value) in values)
        {
            if (value.Number is not { } number) continue;
            Open(writer, "numbers", ref isFirst);
            writer.Name(name);
            writer.Number(number);
        }

        if (!isFirst) writer.EndObject();
    }

    private static void Texts(CanonicalWriter writer, ImmutableSortedDictionary<string, ParameterValue> values)
    {
        bool isFirst = true;
        foreach ((string name, ParameterValue value) in values)
        {
            if (value.Text is not { } text) continue;
            Open(writer, "texts", ref isFirst);
            writer.Name(name);
            writer.String(text);
        }

        if (!isFirst) writer.EndObject();
    }

    private static void Names(CanonicalWriter writer, string member, ImmutableSortedDictionary<string, ParameterValue> values, bool isInexact)
    {
        bool isFirst = true;
        foreach ((string name, ParameterValue value) in values)
        {
            if (value.Number is not null || value.Text is not null || value.IsInexact != isInexact) continue;
            if (isFirst)
            {
                writer.Name(member);
                writer.BeginArray();
                isFirst = false;
            }

            writer.String(name);
        }

        if (!isFirst) writer.EndArray();
    }

    private static void Open(CanonicalWriter writer, string member, ref bool isFirst)
    {
        if (!isFirst) return;
        writer.Name(member);
        writer.BeginObject();
        isFirst = false;
    }

    private static string? Text(JsonElement action, string name) => action.TryGetProperty(name, out JsonElement text) ? text.GetString() : null;

    private static void Text(CanonicalWriter writer, string name, string? text)
    {
        if (string.IsNullOrEmpty(text)) return;
        writer.Name(name);
        writer.String(text);
    }
}
