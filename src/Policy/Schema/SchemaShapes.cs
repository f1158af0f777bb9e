using System.Collections.Concurrent;
using System.Collections.Immutable;
using Spiffe.Agent.Policy.Json;
using Spiffe.Agent.Policy.Schema.Types;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Schema;

/// <summary>What a schema tells the readers of JSON: where entities and extension values stand, so that their escapes may be left out.</summary>
public sealed class SchemaShapes : IEntityShapes
{
    private readonly PolicySchema _schema;
    private readonly ConcurrentDictionary<CedarType, JsonShape?> _shapes = new(ReferenceEqualityComparer.Instance);

    internal SchemaShapes(PolicySchema schema) => _schema = schema;

    public JsonShape? AttributeOf(string entityType, string attribute) =>
        _schema.FindEntityType(entityType)?.Attributes.Find(attribute) is { } found ? ShapeOf(found.Type) : null;

    public JsonShape? TagOf(string entityType) => _schema.FindEntityType(entityType)?.Tags is { } tags ? ShapeOf(tags) : null;

    /// <summary>What the context of an action is; null where the schema says nothing that changes reading.</summary>
    public JsonShape? ContextOf(EntityUid action) => _schema.FindAction(action) is { } found ? ShapeOf(found.Context) : null;

    /// <summary>Worked out once for each type, so that types which are shared many times over cost no more.</summary>
    private JsonShape? ShapeOf(CedarType type)
    {
        if (_shapes.TryGetValue(type, out JsonShape? known)) return known;
        JsonShape? shape = type switch
        {
            EntityReferenceType => JsonShape.Entity,
            ExtensionValueType extension => JsonShape.Of(extension.Extension),
            SetType set => ShapeOf(set.Element) is { } element ? JsonShape.SetOf(element) : null,
            RecordType record => RecordOf(record),
            _ => null,
        };
        return _shapes.GetOrAdd(type, shape);
    }

    private JsonShape? RecordOf(RecordType record)
    {
        ImmutableDictionary<string, JsonShape>.Builder fields = ImmutableDictionary.CreateBuilder<string, JsonShape>(StringComparer.Ordinal);
        foreach (RecordAttribute attribute in record.Attributes)
            if (ShapeOf(attribute.Type) is { } shape) fields.Add(attribute.Name, shape);
        return fields.Count > 0 ? JsonShape.RecordOf(fields.ToImmutable()) : null;
    }
}
