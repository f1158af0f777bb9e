using System.Collections.Immutable;

namespace Spiffe.Agent.Policy.Syntax;

/// <summary>One policy as written; a template where its scope has a slot.</summary>
/// <param name="Id">What decisions call it: <c>policy0</c>, <c>policy1</c>… in source order, unless the caller chose another.</param>
/// <param name="Effect">Permit or forbid.</param>
/// <param name="Annotations">In source order; their names differ.</param>
/// <param name="Principal">Constraint of the principal.</param>
/// <param name="Action">Constraint of the action: never a slot, never <see cref="IsConstraint"/>.</param>
/// <param name="Resource">Constraint of the resource.</param>
/// <param name="Conditions">In source order; all must hold.</param>
/// <param name="Span">From the first annotation to the semicolon.</param>
public sealed record PolicyStatement(
    string Id,
    PolicyEffect Effect,
    ImmutableArray<PolicyAnnotation> Annotations,
    ScopeConstraint Principal,
    ScopeConstraint Action,
    ScopeConstraint Resource,
    ImmutableArray<PolicyCondition> Conditions,
    SourceSpan Span)
{
    /// <summary>Whether a slot must be filled before it can decide anything.</summary>
    public bool IsTemplate => SlotOf(Principal) is not null || SlotOf(Resource) is not null;

    /// <summary>The slot in a constraint, or null.</summary>
    internal static PolicySlot? SlotOf(ScopeConstraint constraint) => constraint switch
    {
        EqualConstraint equal => equal.Entity.Slot,
        InConstraint within => within.Entity.Slot,
        IsConstraint { In: { } within } => within.Slot,
        _ => null,
    };
}
