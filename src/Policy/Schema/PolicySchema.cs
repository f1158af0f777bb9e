using System.Collections.Frozen;
using System.Collections.Immutable;
using Spiffe.Agent.Policy.Entities;
using Spiffe.Agent.Policy.Schema.Json;
using Spiffe.Agent.Policy.Schema.Resolution;
using Spiffe.Agent.Policy.Schema.Text;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Schema;

/// <summary>
/// What there is to write policies about: entity types with their attributes and tags, and actions with what they apply to. Immutable and consistent: every
/// name in it is declared, no common type and no action contains itself. Cedar docs, "Cedar schema".
/// </summary>
public sealed class PolicySchema
{
    private readonly FrozenDictionary<string, SchemaEntityType> _entityTypes;
    private readonly FrozenDictionary<EntityUid, SchemaAction> _actions;
    private readonly FrozenDictionary<string, FrozenSet<string>> _actionTypesIn;

    internal PolicySchema(ImmutableArray<SchemaEntityType> entityTypes, ImmutableArray<SchemaAction> actions)
    {
        Shapes = new SchemaShapes(this);
        EntityTypes = entityTypes;
        Actions = actions;
        _entityTypes = entityTypes.ToFrozenDictionary(type => type.Name, StringComparer.Ordinal);
        _actions = actions.ToFrozenDictionary(action => action.Uid);
        _actionTypesIn = actions
            .SelectMany(action => action.Descendants.Select(descendant => (Group: action.Uid.Type, descendant.Type)))
            .GroupBy(pair => pair.Group, pair => pair.Type, StringComparer.Ordinal)
            .ToFrozenDictionary(group => group.Key, group => group.ToFrozenSet(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    /// <summary>What readers of JSON need to know.</summary>
    public SchemaShapes Shapes { get; }

    /// <summary>The actions as entities, each in its groups: a store of entities without them knows nothing of <c>action in</c>.</summary>
    public IEnumerable<EntityData> ActionEntities =>
        Actions.Select(action => new EntityData(action.Uid, ValueRecord.Empty, [.. action.Ancestors], ValueRecord.Empty));

    /// <summary>In the order of their declarations.</summary>
    internal ImmutableArray<SchemaEntityType> EntityTypes { get; }

    /// <summary>In the order of their declarations.</summary>
    internal ImmutableArray<SchemaAction> Actions { get; }

    /// <summary>Reads the human-readable form. Cedar docs, "Human-readable schema format".</summary>
    public static SchemaReading Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        SchemaNotices notices = new();
        return SchemaResolver.Resolve(SchemaParser.Parse(text, notices), notices);
    }

    /// <summary>Reads the JSON form. Cedar docs, "JSON schema format".</summary>
    public static SchemaReading ParseJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        SchemaNotices notices = new();
        return SchemaResolver.Resolve(JsonSchemaReader.Read(json, notices), notices);
    }

    /// <summary>The entity type of that name, or null. Types of actions are none.</summary>
    internal SchemaEntityType? FindEntityType(string name) => _entityTypes.GetValueOrDefault(name);

    internal SchemaAction? FindAction(EntityUid uid) => _actions.GetValueOrDefault(uid);

    /// <summary>Whether some entity or action of the first type may be in one of the second, itself included.</summary>
    internal bool MayBeIn(string type, string ancestor) =>
        string.Equals(type, ancestor, StringComparison.Ordinal)
        || (FindEntityType(ancestor)?.Descendants.Contains(type) ?? false)
        || (_actionTypesIn.TryGetValue(ancestor, out FrozenSet<string>? types) && types.Contains(type));
}
