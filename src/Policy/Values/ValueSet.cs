using System.Collections;

namespace Spiffe.Agent.Policy.Values;

/// <summary>
/// A set of values: each once, of any types, in no order that means anything. Two are equal where they hold the same. Membership is looked up in O(1) beyond
/// eight elements; hashes are seeded at random, so chosen elements do not make it slower.
/// </summary>
public sealed class ValueSet : IEquatable<ValueSet>, IReadOnlyCollection<Value>
{
    /// <summary>Elements beyond which a table is kept.</summary>
    private const int MaxLinear = 8;

    private readonly Value[] _elements;
    private readonly HashSet<Value>? _table;
    private readonly int _hash;
    private readonly bool _hasOnlyEntities;

    private ValueSet(Value[] elements, HashSet<Value>? table)
    {
        _elements = elements;
        _table = table;
        _hasOnlyEntities = true;
        foreach (Value element in elements)
        {
            unchecked
            {
                _hash += HashCode.Combine(element.GetHashCode());
            }

            _hasOnlyEntities &= element.Kind == ValueKind.Entity;
        }
    }

    /// <summary>The set without elements.</summary>
    public static ValueSet Empty { get; } = new([], null);

    /// <summary>How many elements there are.</summary>
    public int Count => _elements.Length;

    /// <summary>Whether every element is an entity; true of the empty set.</summary>
    internal bool HasOnlyEntities => _hasOnlyEntities;

    /// <summary>The elements, repetitions left out; the first of equals stays.</summary>
    /// <exception cref="ArgumentException">There are more than <see cref="ValueLimits.MaxElements"/>.</exception>
    public static ValueSet Of(params ReadOnlySpan<Value> elements)
    {
        if (elements.IsEmpty) return Empty;
        if (elements.Length > ValueLimits.MaxElements) throw new ArgumentException("a set has at most 100,000 elements", nameof(elements));
        if (elements.Length <= MaxLinear) return new ValueSet(DistinctOfFew(elements), null);
        HashSet<Value> table = new(elements.Length);
        List<Value> distinct = new(elements.Length);
        foreach (Value element in elements)
        {
            if (table.Add(element)) distinct.Add(element);
        }

        return new ValueSet([.. distinct], distinct.Count > MaxLinear ? table : null);
    }

    /// <summary>Whether one of the elements equals the value.</summary>
    public bool Contains(Value value) => _table?.Contains(value) ?? Array.IndexOf(_elements, value) >= 0;

    /// <summary>Whether every element of the other is here.</summary>
    public bool ContainsAll(ValueSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Count > Count) return false;
        foreach (Value element in other._elements)
        {
            if (!Contains(element)) return false;
        }

        return true;
    }

    /// <summary>Whether some element of the other is here.</summary>
    public bool ContainsAny(ValueSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        (ValueSet fewer, ValueSet more) = other.Count <= Count ? (other, this) : (this, other);
        foreach (Value element in fewer._elements)
        {
            if (more.Contains(element)) return true;
        }

        return false;
    }

    /// <summary>The elements, in the order in which they came.</summary>
    public ReadOnlySpan<Value> AsSpan() => _elements;

    public bool Equals(ValueSet? other) =>
        ReferenceEquals(this, other) || (other is not null && _hash == other._hash && Count == other.Count && ContainsAll(other));

    public override bool Equals(object? obj) => Equals(obj as ValueSet);

    public override int GetHashCode() => _hash;

    public IEnumerator<Value> GetEnumerator() => ((IEnumerable<Value>)_elements).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => $"[{string.Join(", ", _elements)}]";

    private static Value[] DistinctOfFew(ReadOnlySpan<Value> elements)
    {
        Value[] distinct = new Value[elements.Length];
        int count = 0;
        foreach (Value element in elements)
        {
            if (Array.IndexOf(distinct, element, 0, count) < 0) distinct[count++] = element;
        }

        return count == distinct.Length ? distinct : distinct[..count];
    }
}
