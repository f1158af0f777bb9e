using System.Globalization;
using Spiffe.Agent.Policy.Extensions;
using Spiffe.Agent.Policy.Syntax;
using Spiffe.Agent.Policy.Values;

namespace Spiffe.Agent.Policy.Json;

/// <summary>The expression that writes a value.</summary>
internal static class LiteralExpressions
{
    public static Expression Of(Value value)
    {
        if (value.TryGet(out bool boolean)) return new BooleanLiteral(boolean, default);
        if (value.TryGet(out long number)) return new LongLiteral(number, default);
        if (value.TryGet(out string? text)) return new StringLiteral(text, default);
        if (value.TryGet(out EntityUid? uid)) return new EntityLiteral(uid, default);
        if (value.TryGet(out ValueSet? set)) return new SetExpression([.. set.Select(Of)], default);
        if (value.TryGet(out ValueRecord? record)) return new RecordExpression([.. record.Fields.Select(field => new RecordField(field.Key, Of(field.Value), default))], default);
        if (value.TryGet(out CedarDecimal fixedPoint)) return Call(ExtensionFunction.Decimal, fixedPoint.ToString());
        if (value.TryGet(out IpRange? range)) return Call(ExtensionFunction.Ip, range.ToString());
        if (value.TryGet(out CedarDuration duration)) return Call(ExtensionFunction.Duration, duration.ToString());
        _ = value.TryGet(out CedarDatetime instant);
        string sinceEpoch = string.Create(CultureInfo.InvariantCulture, $"{instant.Milliseconds}ms");
        return new ExtensionCall(ExtensionFunction.Offset, [Call(ExtensionFunction.Datetime, "1970-01-01"), Call(ExtensionFunction.Duration, sinceEpoch)], default);
    }

    private static ExtensionCall Call(ExtensionFunction constructor, string text) => new(constructor, [new StringLiteral(text, default)], default);
}
