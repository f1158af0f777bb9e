using System.Collections.Immutable;

namespace Spiffe.Agent.Tasks.Grants;

/// <summary>The values that a parameter may have: at least one, each once, numbers first, in order.</summary>
public sealed class ParameterValues : IEquatable<ParameterValues>
{
    private ParameterValues(ImmutableArray<ParameterValue> items) => Items = items;

    public ImmutableArray<ParameterValue> Items { get; }

    public bool Contains(ParameterValue value) => Items.AsSpan().Contains(value);

    public bool Equals(ParameterValues? other) => other is not null && Items.AsSpan().SequenceEqual(other.Items.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as ParameterValues);

    public override int GetHashCode() => HashCode.Combine(Items.Length, Items[0]);

    public override string ToString() => string.Join(", ", Items);

    internal static ParameterValues Of(IEnumerable<ParameterValue> values) =>
        new([.. values.Distinct().OrderBy(value => value.Number is null).ThenBy(value => value.Number).ThenBy(value => value.Text, StringComparer.Ordinal)]);

    internal bool IsWithin(ParameterValues other) => Items.All(other.Contains);

    /// <summary>The values of both; null where there is none.</summary>
    internal ParameterValues? Meet(ParameterValues other)
    {
        ImmutableArray<ParameterValue> both = [.. Items.Where(other.Contains)];
        return both.IsEmpty ? null : new ParameterValues(both);
    }
}
