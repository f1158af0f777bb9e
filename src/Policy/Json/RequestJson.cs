using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Spiffe.Agent.Policy.Authorization;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Json;

/// <summary>
/// Requests and contexts as JSON. A context is an object, read as a record; a request an object with <c>principal</c>, <c>action</c>, <c>resource</c> and, where
/// it is not empty, <c>context</c>.
/// </summary>
public static class RequestJson
{
    /// <summary>Reads a context; where a shape is given, escapes may be left out as it says.</summary>
    public static bool TryParseContext(ReadOnlyMemory<byte> json, JsonShape? shape, [NotNullWhen(true)] out ValueRecord? context, [NotNullWhen(false)] out JsonFault? fault)
    {
        ValueRecord? read = null;
        bool isRead = JsonReading.TryRead(json, (reading, root) => TryContext(reading, new ValueReader(reading), root, shape, out read), out fault);
        context = isRead ? read : null;
        return context is not null;
    }

    /// <summary>Reads a request.</summary>
    /// <param name="json">The text.</param>
    /// <param name="shapeOf">What the context of an action is, or null.</param>
    /// <param name="request">What was read.</param>
    /// <param name="fault">What is wrong.</param>
    public static bool TryParse(
        ReadOnlyMemory<byte> json, Func<EntityUid, JsonShape?>? shapeOf, [NotNullWhen(true)] out AuthorizationRequest? request, [NotNullWhen(false)] out JsonFault? fault)
    {
        AuthorizationRequest? read = null;
        bool isRead = JsonReading.TryRead(json, (reading, root) => TryRequest(reading, root, shapeOf, out read), out fault);
        request = isRead ? read : null;
        return request is not null;
    }

    private static bool TryRequest(JsonReading reading, JsonElement root, Func<EntityUid, JsonShape?>? shapeOf, out AuthorizationRequest? request)
    {
        request = null;
        ValueReader values = new(reading);
        if (!TryUid(reading, values, root, "principal", out EntityUid? principal)) return false;
        if (!TryUid(reading, values, root, "action", out EntityUid? action)) return false;
        if (!TryUid(reading, values, root, "resource", out EntityUid? resource)) return false;
        ValueRecord? context = ValueRecord.Empty;
        if (root.TryGetProperty("context", out JsonElement element))
        {
            reading.Enter("context");
            if (!TryContext(reading, values, element, shapeOf?.Invoke(action), out context)) return false;
            reading.Leave();
        }

        request = new AuthorizationRequest(principal, action, resource, context);
        return true;
    }

    private static bool TryContext(JsonReading reading, ValueReader values, JsonElement element, JsonShape? shape, [NotNullWhen(true)] out ValueRecord? context)
    {
        context = null;
        if (!values.TryValue(element, shape, out Value value)) return false;
        return value.TryGet(out context) || reading.Refuse("expected an object that is a record");
    }

    private static bool TryUid(JsonReading reading, ValueReader values, JsonElement root, string member, [NotNullWhen(true)] out EntityUid? uid)
    {
        uid = null;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(member, out JsonElement element)) return reading.Refuse($"expected an object with {member}");
        reading.Enter(member);
        if (!values.TryUid(element, out uid)) return false;
        reading.Leave();
        return true;
    }
}
