using System.Globalization;

namespace Spiffe.Agent.Tasks.Grants;

/// <summary>A parameter of an action: a number, a text, or neither, which no constraint on it allows.</summary>
public readonly record struct ParameterValue
{
    private ParameterValue(decimal? number, string? text, bool isInexact = false) => (Number, Text, IsInexact) = (number, text, isInexact);

    /// <summary>A number that not everybody reads as the same one: constraints allow it as little as what is neither number nor text, and policies that look for a number must not overlook it.</summary>
    public static ParameterValue Inexact { get; } = new(null, null, isInexact: true);

    public decimal? Number { get; }

    public string? Text { get; }

    /// <summary>Whether this is <see cref="Inexact"/>.</summary>
    public bool IsInexact { get; }

    public static ParameterValue Of(decimal number) => new(number, null);

    public static ParameterValue Of(string text) => new(null, text);

    /// <summary>Equal numbers are equal however they were written; a number is never a text.</summary>
    public bool Equals(ParameterValue other) => Number == other.Number && IsInexact == other.IsInexact && string.Equals(Text, other.Text, StringComparison.Ordinal);

    public override int GetHashCode() => Number?.GetHashCode() ?? Text?.GetHashCode(StringComparison.Ordinal) ?? 0;

    public override string ToString() => Number?.ToString("0.######", CultureInfo.InvariantCulture) ?? Text ?? "";
}
