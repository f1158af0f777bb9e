using Spiffe.Agent.Policy.Extensions;

namespace Spiffe.Agent.Policy.Schema.Types;

/// <summary>One of the extension types.</summary>
internal sealed class ExtensionValueType : CedarType
{
    public static readonly ExtensionValueType Decimal = new(ExtensionType.Decimal, "decimal");
    public static readonly ExtensionValueType IpAddress = new(ExtensionType.IpAddress, "ipaddr");
    public static readonly ExtensionValueType Datetime = new(ExtensionType.Datetime, "datetime");
    public static readonly ExtensionValueType Duration = new(ExtensionType.Duration, "duration");

    /// <summary>All, by name.</summary>
    public static readonly IReadOnlyList<ExtensionValueType> All = [Decimal, IpAddress, Datetime, Duration];

    private readonly string _name;

    private ExtensionValueType(ExtensionType extension, string name)
        : base(1, 1) => (Extension, _name) = (extension, name);

    public ExtensionType Extension { get; }

    public static ExtensionValueType Of(ExtensionType extension) => extension switch
    {
        ExtensionType.Decimal => Decimal,
        ExtensionType.IpAddress => IpAddress,
        ExtensionType.Datetime => Datetime,
        ExtensionType.Duration => Duration,
        _ => throw new ArgumentOutOfRangeException(nameof(extension)),
    };

    public override string ToString() => _name;
}
