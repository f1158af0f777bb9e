using System.Globalization;

namespace Spiffe.Agent.Tasks.Grants;

/// <summary>Numbers from one to another, both included; an end that is not there is open.</summary>
/// <param name="Min">The least, or null.</param>
/// <param name="Max">The most, or null.</param>
public readonly record struct NumberRange(decimal? Min, decimal? Max)
{
    public bool Contains(decimal value) => (Min is not { } min || value >= min) && (Max is not { } max || value <= max);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Min}..{Max}");

    internal bool IsEmpty => Min > Max;

    internal bool IsWithin(NumberRange other) => (other.Min is null || Min >= other.Min) && (other.Max is null || Max <= other.Max);

    internal NumberRange Meet(NumberRange other) => new(
        Min is null || other.Min > Min ? other.Min : Min,
        Max is null || other.Max < Max ? other.Max : Max);
}
