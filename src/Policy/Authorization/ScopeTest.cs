using Spiffe.Agent.Policy.Entities;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Authorization;

/// <summary>A scope constraint made ready to run: a type or none, an entity or several or none. It cannot fail.</summary>
internal sealed class ScopeTest
{
    private static readonly ScopeTest Any = new(null, null, null);

    private ScopeTest(string? type, EntityUid? equal, EntityUid[]? within) => (Type, Equal, Within) = (type, equal, within);

    /// <summary>The type that the entity must have.</summary>
    public string? Type { get; }

    /// <summary>The one entity that matches.</summary>
    public EntityUid? Equal { get; }

    /// <summary>The entity must be in one of these.</summary>
    public EntityUid[]? Within { get; }

    /// <exception cref="ArgumentException">A slot is not filled.</exception>
    public static ScopeTest Of(ScopeConstraint constraint) => constraint switch
    {
        EqualConstraint equal => new ScopeTest(null, Filled(equal.Entity), null),
        InConstraint within => new ScopeTest(null, null, [Filled(within.Entity)]),
        InSetConstraint set => new ScopeTest(null, null, [.. set.Entities]),
        IsConstraint { In: { } within } type => new ScopeTest(type.EntityType, null, [Filled(within)]),
        IsConstraint type => new ScopeTest(type.EntityType, null, null),
        _ => Any,
    };

    public bool Matches(EntityUid uid, EntityStore entities)
    {
        if (Equal is not null) return Equal.Equals(uid);
        if (Type is not null && !string.Equals(Type, uid.Type, StringComparison.Ordinal)) return false;
        if (Within is null) return true;
        foreach (EntityUid container in Within)
        {
            if (entities.IsIn(uid, container)) return true;
        }

        return false;
    }

    private static EntityUid Filled(EntityReference reference) => reference.Uid ?? throw new ArgumentException("a template decides nothing until its slots are filled");
}
