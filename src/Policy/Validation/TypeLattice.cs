using System.Collections.Immutable;
using Spiffe.Agent.Policy.Schema.Types;

namespace Spiffe.Agent.Policy.Validation;

/// <summary>
/// How types relate in strict validation: True and False are below Bool, sets and records follow what they hold, and nothing else relates but to itself. In
/// particular records have the same attributes, alike required, and entity types are the same. Where the budget is spent, nothing relates to anything.
/// </summary>
internal sealed class TypeLattice(StepBudget budget)
{
    /// <summary>The least type that is above both, or null where there is none.</summary>
    public CedarType? Join(CedarType left, CedarType right)
    {
        if (ReferenceEquals(left, right)) return left;
        if (!budget.TrySpend()) return null;
        return (left, right) switch
        {
            (BooleanType, BooleanType) => BooleanType.Any,
            (EntityReferenceType first, EntityReferenceType second) => string.Equals(first.Name, second.Name, StringComparison.Ordinal) ? first : null,
            (SetType first, SetType second) => Join(first.Element, second.Element) is { } element ? Keep(first, element) : null,
            (RecordType first, RecordType second) => Join(first, second),
            _ => null,
        };
    }

    private static SetType Keep(SetType set, CedarType element) => ReferenceEquals(set.Element, element) ? set : new SetType(element);

    private RecordType? Join(RecordType left, RecordType right)
    {
        if (left.Attributes.Length != right.Attributes.Length) return null;
        ImmutableArray<RecordAttribute>.Builder? joined = null;
        for (int at = 0; at < left.Attributes.Length; at++)
        {
            RecordAttribute first = left.Attributes[at];
            RecordAttribute second = right.Attributes[at];
            if (!budget.TrySpend()) return null;
            if (first.IsRequired != second.IsRequired || !string.Equals(first.Name, second.Name, StringComparison.Ordinal)) return null;
            if (Join(first.Type, second.Type) is not { } type) return null;
            if (ReferenceEquals(type, first.Type)) continue;
            joined ??= left.Attributes.ToBuilder();
            joined[at] = first with { Type = type };
        }

        return joined is null ? left : RecordType.Of(joined);
    }
}
