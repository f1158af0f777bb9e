using System.Collections.Immutable;

namespace Spiffe.Agent.Tasks.Grants;

/// <summary>
/// A set of names in canonical order, or everything. Empty is the set that names nothing: it answers for what names nothing of the kind, and for nothing else.
/// So it is within "everything" and within itself, and in no set of names; sets of names are within larger ones.
/// </summary>
public sealed class GrantTerms : IEquatable<GrantTerms>
{
    private GrantTerms(ImmutableArray<string> items, bool isAny) => (Items, IsAny) = (items, isAny);

    /// <summary>Names nothing.</summary>
    public static GrantTerms Empty { get; } = new([], isAny: false);

    /// <summary>Everything, named or not; written <c>*</c>.</summary>
    public static GrantTerms Any { get; } = new([GrantText.Any], isAny: true);

    /// <summary>The names, in ordinal order; <c>*</c> alone for everything.</summary>
    public ImmutableArray<string> Items { get; }

    public bool IsAny { get; }

    public bool IsEmpty => Items.IsEmpty;

    /// <summary>Whether it answers for this name, or for naming none.</summary>
    public bool Allows(string? name) => IsAny || (name is null ? IsEmpty : Items.BinarySearch(name, StringComparer.Ordinal) >= 0);

    public bool Equals(GrantTerms? other) => other is not null && Items.AsSpan().SequenceEqual(other.Items.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as GrantTerms);

    public override int GetHashCode() => IsEmpty ? 0 : HashCode.Combine(Items.Length, Items[0]);

    public override string ToString() => string.Join(", ", Items);

    internal static GrantTerms Of(IEnumerable<string> names)
    {
        ImmutableArray<string> sorted = [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return sorted.Contains(GrantText.Any, StringComparer.Ordinal) ? Any : sorted.IsEmpty ? Empty : new GrantTerms(sorted, isAny: false);
    }

    internal bool IsWithin(GrantTerms other) => other.IsAny || (IsEmpty ? other.IsEmpty : !IsAny && Items.All(other.Allows));

    /// <summary>What both answer for; null where that is nothing at all.</summary>
    internal GrantTerms? Meet(GrantTerms other)
    {
        if (IsWithin(other)) return this;
        if (other.IsWithin(this)) return other;
        ImmutableArray<string> both = [.. Items.Where(name => other.Allows(name))];
        return both.IsEmpty ? null : new GrantTerms(both, isAny: false);
    }
}
