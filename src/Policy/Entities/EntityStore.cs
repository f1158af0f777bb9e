using System.Diagnostics.CodeAnalysis;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Entities;

/// <summary>
/// The entities that a decision may look at: immutable, their hierarchy closed beforehand, so that <c>in</c> is one lookup. Nothing is above itself.
/// Cedar docs, "Entities".
/// </summary>
public sealed class EntityStore
{
    private static readonly HashSet<EntityUid> NoEntities = [];

    private readonly Dictionary<EntityUid, EntityNode> _nodes;

    private EntityStore(Dictionary<EntityUid, EntityNode> nodes) => _nodes = nodes;

    /// <summary>The store that knows no entity.</summary>
    public static EntityStore Empty { get; } = new([]);

    /// <summary>How many entities it knows.</summary>
    public int Count => _nodes.Count;

    /// <summary>All that it knows, in no order.</summary>
    public IEnumerable<EntityData> Entities => _nodes.Values.Select(node => node.Data);

    /// <summary>Builds the hierarchy.</summary>
    /// <returns>False, with the reason, where one name stands for two different entities, the hierarchy has a circle, or a limit is passed.</returns>
    public static bool TryCreate(IEnumerable<EntityData> entities, [NotNullWhen(true)] out EntityStore? store, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(entities);
        store = null;
        Dictionary<EntityUid, EntityData> given = [];
        foreach (EntityData entity in entities)
        {
            if (!given.TryAdd(entity.Uid, entity) && !given[entity.Uid].Equals(entity))
            {
                error = $"the entity {entity.Uid} is there twice, with different content";
                return false;
            }

            if (given.Count <= EntityLimits.MaxEntities) continue;
            error = "there are more than 1,000,000 entities";
            return false;
        }

        Hierarchy hierarchy = new(given);
        if (!hierarchy.TryClose(out Dictionary<EntityUid, HashSet<EntityUid>>? ancestors, out error)) return false;
        store = new EntityStore(given.ToDictionary(entry => entry.Key, entry => new EntityNode(entry.Value, ancestors[entry.Key])));
        return true;
    }

    /// <summary>The entity of that name.</summary>
    public bool TryGet(EntityUid uid, [NotNullWhen(true)] out EntityData? entity)
    {
        entity = _nodes.GetValueOrDefault(uid)?.Data;
        return entity is not null;
    }

    /// <summary>Everything above an entity; nothing where it is not known.</summary>
    public IReadOnlyCollection<EntityUid> AncestorsOf(EntityUid uid) => AncestorSetOf(uid);

    /// <summary>Whether an entity is another or below it.</summary>
    public bool IsIn(EntityUid uid, EntityUid container)
    {
        ArgumentNullException.ThrowIfNull(uid);
        return uid.Equals(container) || AncestorSetOf(uid).Contains(container);
    }

    /// <summary>The set itself, to be looked at and never changed.</summary>
    internal HashSet<EntityUid> AncestorSetOf(EntityUid uid) => _nodes.GetValueOrDefault(uid)?.Ancestors ?? NoEntities;
}
