using System.Collections;
using System.Collections.Frozen;

namespace Spiffe.Agent.Identity;

/// <summary>An immutable set of selectors, in ordinal order, without repeats. Equal sets are equal values.</summary>
public sealed class SelectorSet : IReadOnlyCollection<Selector>, IEquatable<SelectorSet>
{
    private readonly Selector[] _ordered;
    private readonly FrozenSet<Selector> _members;
    private readonly int _hash;

    public SelectorSet(IEnumerable<Selector> selectors)
    {
        _ordered = [.. selectors.Distinct().OrderBy(s => s.Type, StringComparer.Ordinal).ThenBy(s => s.Value, StringComparer.Ordinal)];
        _members = _ordered.ToFrozenSet();
        HashCode hash = default;
        foreach (Selector selector in _ordered) hash.Add(selector);
        _hash = hash.ToHashCode();
    }

    /// <summary>The set of nothing: it earns no identity.</summary>
    public static SelectorSet Empty { get; } = new([]);

    public int Count => _ordered.Length;

    public bool Contains(Selector selector) => _members.Contains(selector);

    /// <summary>Whether every selector of this set is in <paramref name="other"/>.</summary>
    public bool IsSubsetOf(SelectorSet other)
    {
        if (Count > other.Count) return false;
        foreach (Selector selector in _ordered)
        {
            if (!other._members.Contains(selector)) return false;
        }

        return true;
    }

    public bool Equals(SelectorSet? other) => other is not null && _hash == other._hash && _ordered.AsSpan().SequenceEqual(other._ordered);

    public override bool Equals(object? obj) => Equals(obj as SelectorSet);

    public override int GetHashCode() => _hash;

    public IEnumerator<Selector> GetEnumerator() => ((IEnumerable<Selector>)_ordered).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => string.Join(' ', _ordered);
}
