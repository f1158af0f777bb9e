using Spiffe.Agent.Policy.Extensions;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Evaluation;

/// <summary>What messages call the types.</summary>
internal static class KindNames
{
    public static string Of(ValueKind kind) => kind switch
    {
        ValueKind.Boolean => "a bool",
        ValueKind.Long => "a long",
        ValueKind.String => "a string",
        ValueKind.Entity => "an entity",
        ValueKind.Set => "a set",
        ValueKind.Record => "a record",
        ValueKind.Decimal => "a decimal",
        ValueKind.IpAddress => "an ipaddr",
        ValueKind.Datetime => "a datetime",
        _ => "a duration",
    };

    public static string Of(ExtensionType? type) => type switch
    {
        null => Of(ValueKind.String),
        ExtensionType.Decimal => Of(ValueKind.Decimal),
        ExtensionType.IpAddress => Of(ValueKind.IpAddress),
        ExtensionType.Datetime => Of(ValueKind.Datetime),
        _ => Of(ValueKind.Duration),
    };
}
