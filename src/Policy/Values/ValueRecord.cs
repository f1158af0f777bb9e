namespace Spiffe.Agent.Policy.Values;

/// <summary>A record: names, each once, with a value each. Kept in order of the names, so that a name is found in O(log n).</summary>
public sealed class ValueRecord : IEquatable<ValueRecord>
{
    private readonly string[] _names;
    private readonly Value[] _values;
    private readonly int _hash;

    /// <param name="names">In ordinal order, each once.</param>
    /// <param name="values">The values in the same order.</param>
    internal ValueRecord(string[] names, Value[] values)
    {
        _names = names;
        _values = values;
        HashCode hash = default;
        for (int i = 0; i < names.Length; i++)
        {
            hash.Add(names[i].GetHashCode(StringComparison.Ordinal));
            hash.Add(values[i].GetHashCode());
        }

        _hash = hash.ToHashCode();
    }

    /// <summary>The record without fields.</summary>
    public static ValueRecord Empty { get; } = new([], []);

    /// <summary>How many fields there are.</summary>
    public int Count => _names.Length;

    /// <summary>Their names, in ordinal order.</summary>
    public ReadOnlySpan<string> Names => _names;

    /// <summary>Names and values, in ordinal order of the names.</summary>
    public IEnumerable<KeyValuePair<string, Value>> Fields => _names.Zip(_values, KeyValuePair.Create);

    /// <summary>A record of these fields.</summary>
    /// <exception cref="ArgumentException">A name is there twice, or there are more than <see cref="ValueLimits.MaxFields"/>.</exception>
    public static ValueRecord Of(IEnumerable<KeyValuePair<string, Value>> fields)
    {
        KeyValuePair<string, Value>[] sorted = [.. fields.OrderBy(field => field.Key, StringComparer.Ordinal)];
        if (sorted.Length == 0) return Empty;
        if (sorted.Length > ValueLimits.MaxFields) throw new ArgumentException("a record has at most 100,000 fields", nameof(fields));
        for (int i = 1; i < sorted.Length; i++)
        {
            if (string.Equals(sorted[i].Key, sorted[i - 1].Key, StringComparison.Ordinal)) throw new ArgumentException($"the field {sorted[i].Key} is there twice", nameof(fields));
        }

        return new ValueRecord(Array.ConvertAll(sorted, field => field.Key), Array.ConvertAll(sorted, field => field.Value));
    }

    public bool TryGet(string name, out Value value)
    {
        int at = Find(name);
        value = at >= 0 ? _values[at] : default;
        return at >= 0;
    }

    public bool Contains(string name) => Find(name) >= 0;

    public bool Equals(ValueRecord? other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (other is null || _hash != other._hash || Count != other.Count) return false;
        for (int i = 0; i < _names.Length; i++)
        {
            if (!string.Equals(_names[i], other._names[i], StringComparison.Ordinal) || !_values[i].Equals(other._values[i])) return false;
        }

        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as ValueRecord);

    public override int GetHashCode() => _hash;

    public override string ToString() => $"{{{string.Join(", ", Fields.Select(field => $"{Syntax.StringEscape.Quote(field.Key)}: {field.Value}"))}}}";

    private int Find(string name)
    {
        int low = 0, high = _names.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int order = string.CompareOrdinal(_names[middle], name);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }

        return -1;
    }
}
