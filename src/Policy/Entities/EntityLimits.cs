namespace Spiffe.Agent.Policy.Entities;

/// <summary>How large a store of entities may be. Ours.</summary>
public static class EntityLimits
{
    /// <summary>Entities in one store. 1,000,000.</summary>
    public const int MaxEntities = 1_000_000;

    /// <summary>Pairs of an entity and one above it in the whole store, counted once for each parent that leads there. 16 Mi: bounds the closure of a hostile
    /// hierarchy at seconds and some 500 MiB.</summary>
    public const int MaxAncestry = 16 * 1024 * 1024;
}
