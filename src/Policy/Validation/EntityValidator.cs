using System.Collections.Frozen;
using System.Collections.Immutable;
using Spiffe.Agent.Policy.Entities;
using Spiffe.Agent.Policy.Schema;
using Spiffe.Agent.Policy.Schema.Types;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Validation;

/// <summary>
/// Whether entities are what a schema says of them: attributes and tags of their types, ancestors of types that allow it, actions exactly as declared.
/// Valid policies meet no type error in such entities. Cedar docs, "Entity validation".
/// </summary>
public sealed class EntityValidator
{
    private readonly PolicySchema _schema;
    private readonly EntityStore _store;
    private readonly ConformanceFaults _faults = new();
    private readonly ConformanceCheck _check;

    private EntityValidator(PolicySchema schema, EntityStore store)
    {
        _schema = schema;
        _store = store;
        _check = new ConformanceCheck(schema, _faults);
    }

    /// <summary>All that is wrong with the entities, up to a limit, in the order of their names; empty where all conform.</summary>
    public static ImmutableArray<ConformanceFault> Validate(PolicySchema schema, EntityStore store)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(store);
        EntityValidator validator = new(schema, store);
        foreach (EntityData entity in store.Entities.OrderBy(entity => entity.Uid.Type, StringComparer.Ordinal).ThenBy(entity => entity.Uid.Id, StringComparer.Ordinal))
        {
            if (validator._faults.IsFull) break;
            if (Names.IsActionType(entity.Uid.Type)) validator.Action(entity);
            else validator.Entity(entity);
        }

        return validator._faults.Close();
    }

    private void Action(EntityData entity)
    {
        string where = entity.Uid.ToString();
        if (_schema.FindAction(entity.Uid) is not { } action)
        {
            _faults.Add(where, "this action is not declared");
            return;
        }

        if (entity.Attributes.Count + entity.Tags.Count > 0) _faults.Add(where, "actions have neither attributes nor tags");
        HashSet<EntityUid> given = [.. _store.AncestorsOf(entity.Uid)];
        given.UnionWith(entity.Parents.SelectMany(parent => _schema.FindAction(parent)?.Ancestors ?? FrozenSet<EntityUid>.Empty));
        if (!given.SetEquals(action.Ancestors)) _faults.Add(where, "this action is not in the groups that it is declared to be in");
    }

    private void Entity(EntityData entity)
    {
        string where = entity.Uid.ToString();
        if (_schema.FindEntityType(entity.Uid.Type) is not { } type)
        {
            _faults.Add(where, $"entity type {entity.Uid.Type} is not declared");
            return;
        }

        _check.Name(entity.Uid, where);
        _check.Record(entity.Attributes, type.Attributes, where);
        Tags(entity.Tags, type.Tags, where);
        foreach (EntityUid ancestor in _store.AncestorsOf(entity.Uid))
        {
            if (!type.Ancestors.Contains(ancestor.Type)) _faults.Add(where, $"no {type.Name} can be in a {ancestor.Type}");
            _check.Name(ancestor, where);
        }
    }

    private void Tags(ValueRecord tags, CedarType? type, string where)
    {
        if (type is null && tags.Count > 0) _faults.Add(where, "this entity type has no tags");
        if (type is null) return;
        foreach ((string name, Value value) in tags.Fields) _check.Value(value, type, $"{where}.getTag({StringEscape.Quote(name)})");
    }
}
