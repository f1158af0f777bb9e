using System.Collections.Immutable;

namespace Spiffe.Agent.Tasks.Grants;

/// <summary>What takes away from a detail. A constraint that is not there takes nothing away; one that is not known is refused where it is read.</summary>
public sealed record GrantConstraints
{
    /// <summary>Takes nothing away.</summary>
    public static GrantConstraints None { get; } = new();

    /// <summary>How often the detail may be used in all; null: not counted. From 1 to <see cref="GrantLimits.MaxUses"/>.</summary>
    public long? MaxUses { get; init; }

    /// <summary>
    /// Which step of the grant's sequence the detail is, from 1; null: of none. A step may be used once every lower step was, and no more once a higher one was.
    /// </summary>
    public int? Order { get; init; }

    /// <summary>The last second of its use, since 1970; null: as long as the task.</summary>
    public long? NotAfter { get; init; }

    /// <summary>Numbers that parameters must be there and lie between.</summary>
    public ImmutableSortedDictionary<string, NumberRange> Ranges { get; init; } = ImmutableSortedDictionary.Create<string, NumberRange>(StringComparer.Ordinal);

    /// <summary>Values of which parameters must have one.</summary>
    public ImmutableSortedDictionary<string, ParameterValues> In { get; init; } = ImmutableSortedDictionary.Create<string, ParameterValues>(StringComparer.Ordinal);

    /// <summary>Whether nothing is taken away.</summary>
    public bool IsNone => MaxUses is null && Order is null && NotAfter is null && Ranges.IsEmpty && In.IsEmpty;

    public bool Equals(GrantConstraints? other) => other is not null && MaxUses == other.MaxUses && Order == other.Order && NotAfter == other.NotAfter
        && Ranges.SequenceEqual(other.Ranges) && In.SequenceEqual(other.In);

    public override int GetHashCode() => HashCode.Combine(MaxUses, Order, NotAfter, Ranges.Count, In.Count);
}
