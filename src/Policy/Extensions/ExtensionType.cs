namespace Spiffe.Agent.Policy.Extensions;

/// <summary>Cedar's extension types.</summary>
public enum ExtensionType
{
    /// <summary>A number with four decimal places.</summary>
    Decimal,

    /// <summary>An IPv4 or IPv6 address or range.</summary>
    IpAddress,

    /// <summary>An instant, in milliseconds.</summary>
    Datetime,

    /// <summary>A signed length of time, in milliseconds.</summary>
    Duration,
}
