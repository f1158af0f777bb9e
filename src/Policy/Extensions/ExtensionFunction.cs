namespace Spiffe.Agent.Policy.Extensions;

/// <summary>The functions and methods of Cedar's extension types. Cedar docs, "Operators and functions".</summary>
public enum ExtensionFunction
{
    Decimal,
    DecimalLessThan,
    DecimalLessThanOrEqual,
    DecimalGreaterThan,
    DecimalGreaterThanOrEqual,
    Ip,
    IsIpv4,
    IsIpv6,
    IsLoopback,
    IsMulticast,
    IsInRange,
    Datetime,
    Duration,
    Offset,
    DurationSince,
    ToDate,
    ToTime,
    ToMilliseconds,
    ToSeconds,
    ToMinutes,
    ToHours,
    ToDays,
}
