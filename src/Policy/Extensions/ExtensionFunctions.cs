using System.Collections.Frozen;

namespace Spiffe.Agent.Policy.Extensions;

/// <summary>The table of extension functions: their names, style, parameters and results.</summary>
public static class ExtensionFunctions
{
    private static readonly FrozenDictionary<ExtensionFunction, ExtensionSignature> Signatures = new Dictionary<ExtensionFunction, ExtensionSignature>
    {
        [ExtensionFunction.Decimal] = Constructor("decimal", ExtensionType.Decimal),
        [ExtensionFunction.DecimalLessThan] = Method("lessThan", null, ExtensionType.Decimal, ExtensionType.Decimal),
        [ExtensionFunction.DecimalLessThanOrEqual] = Method("lessThanOrEqual", null, ExtensionType.Decimal, ExtensionType.Decimal),
        [ExtensionFunction.DecimalGreaterThan] = Method("greaterThan", null, ExtensionType.Decimal, ExtensionType.Decimal),
        [ExtensionFunction.DecimalGreaterThanOrEqual] = Method("greaterThanOrEqual", null, ExtensionType.Decimal, ExtensionType.Decimal),
        [ExtensionFunction.Ip] = Constructor("ip", ExtensionType.IpAddress),
        [ExtensionFunction.IsIpv4] = Method("isIpv4", null, ExtensionType.IpAddress),
        [ExtensionFunction.IsIpv6] = Method("isIpv6", null, ExtensionType.IpAddress),
        [ExtensionFunction.IsLoopback] = Method("isLoopback", null, ExtensionType.IpAddress),
        [ExtensionFunction.IsMulticast] = Method("isMulticast", null, ExtensionType.IpAddress),
        [ExtensionFunction.IsInRange] = Method("isInRange", null, ExtensionType.IpAddress, ExtensionType.IpAddress),
        [ExtensionFunction.Datetime] = Constructor("datetime", ExtensionType.Datetime),
        [ExtensionFunction.Duration] = Constructor("duration", ExtensionType.Duration),
        [ExtensionFunction.Offset] = Method("offset", ExtensionType.Datetime, ExtensionType.Datetime, ExtensionType.Duration),
        [ExtensionFunction.DurationSince] = Method("durationSince", ExtensionType.Duration, ExtensionType.Datetime, ExtensionType.Datetime),
        [ExtensionFunction.ToDate] = Method("toDate", ExtensionType.Datetime, ExtensionType.Datetime),
        [ExtensionFunction.ToTime] = Method("toTime", ExtensionType.Duration, ExtensionType.Datetime),
        [ExtensionFunction.ToMilliseconds] = Count("toMilliseconds"),
        [ExtensionFunction.ToSeconds] = Count("toSeconds"),
        [ExtensionFunction.ToMinutes] = Count("toMinutes"),
        [ExtensionFunction.ToHours] = Count("toHours"),
        [ExtensionFunction.ToDays] = Count("toDays"),
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, ExtensionFunction> Names =
        Signatures.ToFrozenDictionary(entry => entry.Value.Name, entry => entry.Key, StringComparer.Ordinal);

    /// <summary>What the function looks like.</summary>
    public static ExtensionSignature SignatureOf(ExtensionFunction function) => Signatures[function];

    /// <summary>The function of that name.</summary>
    public static bool TryFind(string name, out ExtensionFunction function) => Names.TryGetValue(name, out function);

    private static ExtensionSignature Constructor(string name, ExtensionType type) => new(name, IsMethod: false, [null], type);

    private static ExtensionSignature Method(string name, ExtensionType? result, params ExtensionType?[] parameters) => new(name, IsMethod: true, [.. parameters], result);

    private static ExtensionSignature Count(string name) => new(name, IsMethod: true, [ExtensionType.Duration], null, ReturnsLong: true);
}
