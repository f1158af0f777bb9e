using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Spiffe.Agent.Policy.Evaluation;
using Spiffe.Agent.Policy.Extensions;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Json;

/// <summary>Reads values and the names of entities. Cedar docs, "Entities JSON format".</summary>
internal sealed class ValueReader(JsonReading reading)
{
    private int _depth;

    /// <summary>Reads a value; where the shape says so, without an escape. In a policy, too, it is at most <see cref="JsonLimits.MaxDepth"/> deep.</summary>
    public bool TryValue(JsonElement element, JsonShape? shape, out Value value)
    {
        value = default;
        if (_depth > JsonLimits.MaxDepth) return reading.Refuse("values are nested more than 128 deep");
        _depth++;
        bool isRead = TryContent(element, shape, out value);
        _depth--;
        return isRead;
    }

    private bool TryContent(JsonElement element, JsonShape? shape, out Value value)
    {
        value = default;
        switch (element.ValueKind)
        {
            case JsonValueKind.True or JsonValueKind.False:
                value = Value.Of(element.ValueKind == JsonValueKind.True);
                return true;
            case JsonValueKind.Number:
                if (!element.TryGetInt64(out long number)) return reading.Refuse("expected a whole number of 64 bits");
                value = Value.Of(number);
                return true;
            case JsonValueKind.String:
                string text = element.GetString()!;
                if (shape?.Extension is { } type) return TryCall(ConstructorOf(type), [Value.Of(text)], out value);
                value = Value.Of(text);
                return true;
            case JsonValueKind.Array:
                return TrySet(element, shape?.Element, out value);
            case JsonValueKind.Object:
                return TryObject(element, shape, out value);
            default:
                return reading.Refuse("Cedar has no null");
        }
    }

    /// <summary>Reads <c>{ "type": …, "id": … }</c>, alone or as what <c>__entity</c> holds.</summary>
    public bool TryUid(JsonElement element, [NotNullWhen(true)] out EntityUid? uid)
    {
        uid = null;
        if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("__entity", out JsonElement escaped)) element = escaped;
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty("type", out JsonElement type) || !element.TryGetProperty("id", out JsonElement id))
        {
            return reading.Refuse("expected an entity: an object with type and id");
        }

        if (!reading.TryText(type, out string? typeName) || !reading.TryText(id, out string? idText)) return false;
        if (!Names.IsPath(typeName)) return reading.Refuse($"{StringEscape.Quote(typeName)} is no name of a type");
        uid = new EntityUid(typeName, idText);
        return true;
    }

    /// <summary>Reads an object as a record.</summary>
    public bool TryRecord(JsonElement element, Func<string, JsonShape?> shapeOf, [NotNullWhen(true)] out ValueRecord? record)
    {
        record = null;
        if (element.ValueKind != JsonValueKind.Object) return reading.Refuse("expected an object");
        if (element.GetPropertyCount() > ValueLimits.MaxFields) return reading.Refuse("a record has at most 100,000 fields");
        List<KeyValuePair<string, Value>> fields = [];
        foreach (JsonProperty property in element.EnumerateObject())
        {
            string name = property.Name;
            reading.Enter(name);
            if (!TryValue(property.Value, shapeOf(name), out Value value)) return false;
            reading.Leave();
            fields.Add(KeyValuePair.Create(name, value));
        }

        record = ValueRecord.Of(fields);
        return true;
    }

    private bool TrySet(JsonElement element, JsonShape? shape, out Value value)
    {
        value = default;
        if (element.GetArrayLength() > ValueLimits.MaxElements) return reading.Refuse("a set has at most 100,000 elements");
        Value[] elements = new Value[element.GetArrayLength()];
        int count = 0;
        foreach (JsonElement item in element.EnumerateArray())
        {
            reading.Enter(count);
            if (!TryValue(item, shape, out elements[count])) return false;
            reading.Leave();
            count++;
        }

        value = Value.Of(ValueSet.Of(elements));
        return true;
    }

    /// <summary>An escape, what a shape makes one, or a record.</summary>
    private bool TryObject(JsonElement element, JsonShape? shape, out Value value)
    {
        value = default;
        int members = element.GetPropertyCount();
        if (members == 1 && element.TryGetProperty("__entity", out JsonElement entity) && Has(entity, "type", "id")) return TryEntity(entity, out value);
        if (members == 1 && element.TryGetProperty("__extn", out JsonElement call) && (Has(call, "fn", "arg") || Has(call, "fn", "args"))) return TryExtension(call, out value);
        if (members == 1 && element.TryGetProperty("__expr", out JsonElement code) && code.ValueKind == JsonValueKind.String) return reading.Refuse("the __expr escape is gone from Cedar");
        if (shape is { IsEntity: true }) return TryEntity(element, out value);
        if (shape is { Extension: not null }) return TryExtension(element, out value);
        ImmutableDictionary<string, JsonShape>? fields = shape?.Fields;
        if (!TryRecord(element, name => fields?.GetValueOrDefault(name), out ValueRecord? record)) return false;
        value = Value.Of(record);
        return true;
    }

    private bool TryEntity(JsonElement element, out Value value)
    {
        bool isEntity = TryUid(element, out EntityUid? uid);
        value = isEntity ? Value.Of(uid!) : default;
        return isEntity;
    }

    /// <summary>Reads <c>{ "fn": name, "arg": value }</c> or <c>{ "fn": name, "args": [values] }</c> and calls the function.</summary>
    private bool TryExtension(JsonElement element, out Value value)
    {
        value = default;
        if (!element.TryGetProperty("fn", out JsonElement fn) || !reading.TryText(fn, out string? name)) return reading.Refuse("expected an object with fn and arg");
        if (!ExtensionFunctions.TryFind(name, out ExtensionFunction function)) return reading.Refuse($"there is no function {StringEscape.Quote(name)}");
        List<Value> arguments = [];
        if (element.TryGetProperty("arg", out JsonElement only))
        {
            if (!TryValue(only, null, out Value argument)) return false;
            arguments.Add(argument);
        }
        else if (element.TryGetProperty("args", out JsonElement several) && several.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in several.EnumerateArray())
            {
                if (!TryValue(item, null, out Value argument)) return false;
                arguments.Add(argument);
            }
        }

        return TryCall(function, arguments, out value);
    }

    private bool TryCall(ExtensionFunction function, List<Value> arguments, out Value value)
    {
        ExtensionSignature signature = ExtensionFunctions.SignatureOf(function);
        value = default;
        if (arguments.Count != signature.Parameters.Length) return reading.Refuse($"{signature.Name} takes {signature.Parameters.Length} arguments");
        value = ExtensionCalls.Call(function, arguments[0], arguments.Count > 1 ? arguments[1] : default, default);
        return !value.TryGet(out EvaluationError? error) || reading.Refuse(error.Message);
    }

    private static bool Has(JsonElement element, string first, string second) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(first, out JsonElement one) && one.ValueKind == JsonValueKind.String && element.TryGetProperty(second, out _);

    private static ExtensionFunction ConstructorOf(ExtensionType type) => type switch
    {
        ExtensionType.Decimal => ExtensionFunction.Decimal,
        ExtensionType.IpAddress => ExtensionFunction.Ip,
        ExtensionType.Datetime => ExtensionFunction.Datetime,
        _ => ExtensionFunction.Duration,
    };
}
