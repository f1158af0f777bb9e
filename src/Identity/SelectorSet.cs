using System.Collections;

namespace Spiffe.Agent.Identity;

/// <summary>An immutable set of selectors, in ordinal order, without repeats. Equal sets are equal values.</summary>
/// <remarks>One is built for every attestation and asked a few times, so it is a sorted array: nothing to hash, nothing to freeze.</remarks>
public sealed class SelectorSet : IReadOnlyCollection<Selector>, IEquatable<SelectorSet>
{
    private readonly Selector[] _ordered;
    private readonly int _hash;

    public SelectorSet(IEnumerable<Selector> selectors)
    {
        Selector[] all = [.. selectors];
        Array.Sort(all, Compare);
        _ordered = WithoutRepeats(all);
        HashCode hash = default;
        foreach (Selector selector in _ordered) hash.Add(selector);
        _hash = hash.ToHashCode();
    }

    /// <summary>The set of nothing: it earns no identity.</summary>
    public static SelectorSet Empty { get; } = new([]);

    public int Count => _ordered.Length;

    /// <summary>The selectors in order, for a hot path that must not allocate.</summary>
    public ReadOnlySpan<Selector> Span => _ordered;

    public bool Contains(Selector selector)
    {
        int low = 0;
        int high = _ordered.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int order = Compare(_ordered[middle], selector);
            if (order == 0) return true;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }

        return false;
    }

    /// <summary>Whether every selector of this set is in <paramref name="other"/>. One walk along both.</summary>
    public bool IsSubsetOf(SelectorSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        int theirs = 0;
        foreach (Selector selector in _ordered)
        {
            int order = -1;
            while (theirs < other._ordered.Length && (order = Compare(other._ordered[theirs], selector)) < 0) theirs++;
            if (theirs == other._ordered.Length || order > 0) return false;
            theirs++;
        }

        return true;
    }

    public bool Equals(SelectorSet? other) => other is not null && _hash == other._hash && _ordered.AsSpan().SequenceEqual(other._ordered);

    public override bool Equals(object? obj) => Equals(obj as SelectorSet);

    public override int GetHashCode() => _hash;

    public IEnumerator<Selector> GetEnumerator() => ((IEnumerable<Selector>)_ordered).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => string.Join(' ', _ordered);

    private static int Compare(Selector left, Selector right)
    {
        int order = string.CompareOrdinal(left.Type, right.Type);
        return order != 0 ? order : string.CompareOrdinal(left.Value, right.Value);
    }

    private static Selector[] WithoutRepeats(Selector[] sorted)
    {
        int kept = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            if (kept == 0 || sorted[kept - 1] != sorted[i]) sorted[kept++] = sorted[i];
        }

        return kept == sorted.Length ? sorted : sorted[..kept];
    }
}
