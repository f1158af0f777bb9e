using System.Collections.Immutable;

namespace Spiffe.Agent.Tasks.Grants;

/// <summary>
/// Places, each with everything beneath it, none beneath another; or everywhere. Empty names no place: it answers for what has none, and for nothing else, as
/// <see cref="GrantTerms"/> do.
/// </summary>
public sealed class GrantLocations : IEquatable<GrantLocations>
{
    private GrantLocations(ImmutableArray<GrantLocation> items, bool isAny) => (Items, IsAny) = (items, isAny);

    /// <summary>Names no place.</summary>
    public static GrantLocations Empty { get; } = new([], isAny: false);

    /// <summary>Everywhere, and nowhere in particular; written <c>*</c>.</summary>
    public static GrantLocations Any { get; } = new([], isAny: true);

    /// <summary>The places in ordinal order; none for everywhere.</summary>
    public ImmutableArray<GrantLocation> Items { get; }

    public bool IsAny { get; }

    public bool IsEmpty => Items.IsEmpty && !IsAny;

    /// <summary>Whether it answers for this place, or for naming none.</summary>
    public bool Allows(GrantLocation? place)
    {
        if (IsAny) return true;
        if (place is null) return Items.IsEmpty;
        foreach (GrantLocation item in Items)
        {
            if (item.Covers(place)) return true;
        }

        return false;
    }

    public bool Equals(GrantLocations? other) => other is not null && IsAny == other.IsAny && Items.AsSpan().SequenceEqual(other.Items.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as GrantLocations);

    public override int GetHashCode() => Items.IsEmpty ? 0 : HashCode.Combine(Items.Length, Items[0]);

    public override string ToString() => IsAny ? GrantText.Any : string.Join(", ", Items);

    internal static GrantLocations Of(IEnumerable<GrantLocation> places)
    {
        GrantLocation[] all = [.. places.Distinct()];
        ImmutableArray<GrantLocation> tops = [.. all.Where(place => !all.Any(other => !other.Equals(place) && other.Covers(place))).OrderBy(place => place.ToString(), StringComparer.Ordinal)];
        return tops.IsEmpty ? Empty : new GrantLocations(tops, isAny: false);
    }

    internal bool IsWithin(GrantLocations other) => other.IsAny || (!IsAny && (Items.IsEmpty ? other.IsEmpty : Items.All(other.Allows)));

    /// <summary>What both answer for; null where that is nothing at all.</summary>
    internal GrantLocations? Meet(GrantLocations other)
    {
        if (IsWithin(other)) return this;
        if (other.IsWithin(this)) return other;
        GrantLocations both = Of(Items.Where(other.Allows).Concat(other.Items.Where(Allows)));
        return both.IsEmpty ? null : both;
    }
}
