using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Spiffe.Agent.Policy.Entities;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Json;

/// <summary>
/// Entities as JSON: an array of objects with <c>uid</c>, <c>attrs</c>, <c>parents</c> and, where there are any, <c>tags</c>. Other members are ignored, as by
/// the reference. Cedar docs, "Entities JSON format".
/// </summary>
public static class EntityJson
{
    /// <summary>Reads entities; where shapes are given, escapes may be left out as those say.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> json, IEntityShapes? shapes, out ImmutableArray<EntityData> entities, [NotNullWhen(false)] out JsonFault? fault)
    {
        ImmutableArray<EntityData>.Builder read = ImmutableArray.CreateBuilder<EntityData>();
        bool isRead = JsonReading.TryRead(json, (reading, root) => TryEntities(reading, root, shapes, read), out fault);
        entities = isRead ? read.ToImmutable() : [];
        return isRead;
    }

    /// <summary>Reads entities and closes their hierarchy.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> json, [NotNullWhen(true)] out EntityStore? store, [NotNullWhen(false)] out JsonFault? fault)
    {
        store = null;
        if (!TryParse(json, null, out ImmutableArray<EntityData> entities, out fault)) return false;
        if (EntityStore.TryCreate(entities, out store, out string? error)) return true;
        fault = new JsonFault(error, "$");
        return false;
    }

    private static bool TryEntities(JsonReading reading, JsonElement root, IEntityShapes? shapes, ImmutableArray<EntityData>.Builder entities)
    {
        if (root.ValueKind != JsonValueKind.Array) return reading.Refuse("expected an array of entities");
        ValueReader values = new(reading);
        foreach (JsonElement element in root.EnumerateArray())
        {
            reading.Enter(entities.Count);
            if (!TryEntity(reading, values, element, shapes, out EntityData? entity)) return false;
            reading.Leave();
            entities.Add(entity);
        }

        return true;
    }

    private static bool TryEntity(JsonReading reading, ValueReader values, JsonElement element, IEntityShapes? shapes, [NotNullWhen(true)] out EntityData? entity)
    {
        entity = null;
        if (!TryMember(reading, element, "uid", out JsonElement name)) return false;
        if (!values.TryUid(name, out EntityUid? uid)) return false;
        reading.Leave();

        if (!TryMember(reading, element, "attrs", out JsonElement attrs)) return false;
        if (!values.TryRecord(attrs, attribute => shapes?.AttributeOf(uid.Type, attribute), out ValueRecord? attributes)) return false;
        reading.Leave();

        if (!TryMember(reading, element, "parents", out JsonElement above) || !TryParents(reading, values, above, uid, out ImmutableArray<EntityUid> parents)) return false;
        reading.Leave();

        ValueRecord? tags = ValueRecord.Empty;
        if (element.TryGetProperty("tags", out JsonElement labels))
        {
            reading.Enter("tags");
            JsonShape? shape = shapes?.TagOf(uid.Type);
            if (!values.TryRecord(labels, _ => shape, out tags)) return false;
            reading.Leave();
        }

        entity = new EntityData(uid, attributes, parents, tags);
        return true;
    }

    private static bool TryParents(JsonReading reading, ValueReader values, JsonElement element, EntityUid uid, out ImmutableArray<EntityUid> parents)
    {
        parents = [];
        if (element.ValueKind != JsonValueKind.Array) return reading.Refuse("expected an array of entities");
        ImmutableArray<EntityUid>.Builder read = ImmutableArray.CreateBuilder<EntityUid>(element.GetArrayLength());
        foreach (JsonElement item in element.EnumerateArray())
        {
            reading.Enter(read.Count);
            if (!values.TryUid(item, out EntityUid? parent)) return false;
            if (Names.IsActionType(uid.Type) && !Names.IsActionType(parent.Type)) return reading.Refuse("what is above an action is an action");
            reading.Leave();
            read.Add(parent);
        }

        parents = read.ToImmutable();
        return true;
    }

    /// <summary>Goes into a member that must be there.</summary>
    private static bool TryMember(JsonReading reading, JsonElement element, string name, out JsonElement member)
    {
        member = default;
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out member)) return reading.Refuse($"expected an object with {name}");
        reading.Enter(name);
        return true;
    }
}
