using System.Globalization;

namespace Spiffe.Agent.Tasks.Grants;

/// <summary>A parameter of an action: a number, a text, or neither, which no constraint on it allows.</summary>
public readonly record struct ParameterValue
{
    private ParameterValue(decimal? number, string? text) => (Number, Text) = (number, text);

    public decimal? Number { get; }

    public string? Text { get; }

    public static ParameterValue Of(decimal number) => new(number, null);

    public static ParameterValue Of(string text) => new(null, text);

    /// <summary>Equal numbers are equal however they were written; a number is never a text.</summary>
    public bool Equals(ParameterValue other) => Number == other.Number && string.Equals(Text, other.Text, StringComparison.Ordinal);

    public override int GetHashCode() => Number?.GetHashCode() ?? Text?.GetHashCode(StringComparison.Ordinal) ?? 0;

    public override string ToString() => Number?.ToString("0.######", CultureInfo.InvariantCulture) ?? Text ?? "";
}
