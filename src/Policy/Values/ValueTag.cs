namespace Spiffe.Agent.Policy.Values;

/// <summary>Marks a <see cref="Value"/> whose content is a number.</summary>
internal sealed class ValueTag(ValueKind kind)
{
    public static readonly ValueTag Boolean = new(ValueKind.Boolean);
    public static readonly ValueTag Long = new(ValueKind.Long);
    public static readonly ValueTag Decimal = new(ValueKind.Decimal);
    public static readonly ValueTag Datetime = new(ValueKind.Datetime);
    public static readonly ValueTag Duration = new(ValueKind.Duration);

    public ValueKind Kind { get; } = kind;
}
