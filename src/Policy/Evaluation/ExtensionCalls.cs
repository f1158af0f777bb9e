using Spiffe.Agent.Policy.Extensions;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Evaluation;

/// <summary>What the extension functions do. Cedar docs, "Operators and functions".</summary>
internal static class ExtensionCalls
{
    /// <summary>The result, or a failure. The second value is ignored where the function takes one argument.</summary>
    public static Value Call(ExtensionFunction function, Value first, Value second, SourceSpan span)
    {
        ExtensionSignature signature = ExtensionFunctions.SignatureOf(function);
        if (!Fits(first, signature.Parameters[0])) return WrongType(signature.Parameters[0], first, span);
        if (signature.Parameters.Length > 1 && !Fits(second, signature.Parameters[1])) return WrongType(signature.Parameters[1], second, span);
        return signature.Parameters[0] switch
        {
            null => Construct(function, first, span),
            ExtensionType.Decimal => Compare(function, first, second),
            ExtensionType.IpAddress => Test(function, first, second),
            ExtensionType.Datetime => Reckon(function, first, second, span),
            _ => Count(function, first),
        };
    }

    private static Value Construct(ExtensionFunction function, Value argument, SourceSpan span)
    {
        _ = argument.TryGet(out string? text);
        switch (function)
        {
            case ExtensionFunction.Decimal when CedarDecimal.TryParse(text, out CedarDecimal number):
                return Value.Of(number);
            case ExtensionFunction.Ip when IpRange.TryParse(text, out IpRange? range):
                return Value.Of(range!);
            case ExtensionFunction.Datetime when CedarDatetime.TryParse(text, out CedarDatetime instant):
                return Value.Of(instant);
            case ExtensionFunction.Duration when CedarDuration.TryParse(text, out CedarDuration duration):
                return Value.Of(duration);
            default:
                string name = ExtensionFunctions.SignatureOf(function).Name;
                return Fail(EvaluationErrorKind.ExtensionRefused, $"{StringEscape.Quote(text!)} is no {name}", span);
        }
    }

    private static Value Compare(ExtensionFunction function, Value first, Value second)
    {
        _ = first.TryGet(out CedarDecimal x);
        _ = second.TryGet(out CedarDecimal y);
        return Value.Of(function switch
        {
            ExtensionFunction.DecimalLessThan => x.TenThousandths < y.TenThousandths,
            ExtensionFunction.DecimalLessThanOrEqual => x.TenThousandths <= y.TenThousandths,
            ExtensionFunction.DecimalGreaterThan => x.TenThousandths > y.TenThousandths,
            _ => x.TenThousandths >= y.TenThousandths,
        });
    }

    private static Value Test(ExtensionFunction function, Value first, Value second)
    {
        _ = first.TryGet(out IpRange? range);
        if (second.TryGet(out IpRange? other)) return Value.Of(range!.IsInRange(other));
        return Value.Of(function switch
        {
            ExtensionFunction.IsIpv4 => !range!.IsIpv6,
            ExtensionFunction.IsIpv6 => range!.IsIpv6,
            ExtensionFunction.IsLoopback => range!.IsLoopback,
            _ => range!.IsMulticast,
        });
    }

    private static Value Reckon(ExtensionFunction function, Value first, Value second, SourceSpan span)
    {
        _ = first.TryGet(out CedarDatetime instant);
        if (function == ExtensionFunction.ToTime) return Value.Of(instant.TimeOfDay);
        if (function == ExtensionFunction.ToDate && instant.TryDate(out CedarDatetime date)) return Value.Of(date);
        if (second.TryGet(out CedarDuration duration) && instant.TryOffset(duration, out CedarDatetime later)) return Value.Of(later);
        if (second.TryGet(out CedarDatetime other) && instant.TrySince(other, out CedarDuration since)) return Value.Of(since);
        return Fail(EvaluationErrorKind.Overflow, "the time is out of range", span);
    }

    private static Value Count(ExtensionFunction function, Value first)
    {
        _ = first.TryGet(out CedarDuration duration);
        return Value.Of(function switch
        {
            ExtensionFunction.ToMilliseconds => duration.Milliseconds,
            ExtensionFunction.ToSeconds => duration.Seconds,
            ExtensionFunction.ToMinutes => duration.Minutes,
            ExtensionFunction.ToHours => duration.Hours,
            _ => duration.Days,
        });
    }

    private static bool Fits(Value value, ExtensionType? type) => value.Kind == type switch
    {
        null => ValueKind.String,
        ExtensionType.Decimal => ValueKind.Decimal,
        ExtensionType.IpAddress => ValueKind.IpAddress,
        ExtensionType.Datetime => ValueKind.Datetime,
        _ => ValueKind.Duration,
    };

    private static Value WrongType(ExtensionType? type, Value value, SourceSpan span) =>
        Fail(EvaluationErrorKind.WrongType, $"expected {KindNames.Of(type)}, got {KindNames.Of(value.Kind)}", span);

    private static Value Fail(EvaluationErrorKind kind, string message, SourceSpan span) => Value.Of(new EvaluationError(kind, message, span));
}
