using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Spiffe.Agent.Policy.Evaluation;
using Spiffe.Agent.Policy.Extensions;

namespace Spiffe.Agent.Policy.Values;

/// <summary>
/// A Cedar value: immutable, compared by content, never equal to one of another type. Numbers, booleans and times are held in place, so making one costs no
/// memory; the default value is <c>false</c>. Cedar docs, "Data types".
/// </summary>
public readonly struct Value : IEquatable<Value>
{
    private readonly object? _content;
    private readonly long _number;

    private Value(object content, long number)
    {
        _content = content;
        _number = number;
    }

    /// <summary>Which type it has.</summary>
    public ValueKind Kind => _content switch
    {
        null => ValueKind.Boolean,
        ValueTag tag => tag.Kind,
        string => ValueKind.String,
        EntityUid => ValueKind.Entity,
        ValueSet => ValueKind.Set,
        ValueRecord => ValueKind.Record,
        IpRange => ValueKind.IpAddress,
        _ => ValueKind.Failure,
    };

    /// <summary>Whether an evaluation failed instead of giving a value.</summary>
    internal bool IsFailure => _content is EvaluationError;

    public static Value Of(bool value) => new(ValueTag.Boolean, value ? 1 : 0);

    public static Value Of(long value) => new(ValueTag.Long, value);

    /// <param name="value">Well-formed UTF-16.</param>
    public static Value Of(string value) => new(value, 0);

    public static Value Of(EntityUid value) => new(value, 0);

    public static Value Of(ValueSet value) => new(value, 0);

    public static Value Of(ValueRecord value) => new(value, 0);

    public static Value Of(IpRange value) => new(value, 0);

    public static Value Of(CedarDecimal value) => new(ValueTag.Decimal, value.TenThousandths);

    public static Value Of(CedarDatetime value) => new(ValueTag.Datetime, value.Milliseconds);

    public static Value Of(CedarDuration value) => new(ValueTag.Duration, value.Milliseconds);

    internal static Value Of(EvaluationError error) => new(error, 0);

    public bool TryGet(out bool value)
    {
        value = _number != 0;
        return _content is null || ReferenceEquals(_content, ValueTag.Boolean);
    }

    public bool TryGet(out long value)
    {
        value = _number;
        return ReferenceEquals(_content, ValueTag.Long);
    }

    public bool TryGet([NotNullWhen(true)] out string? value) => (value = _content as string) is not null;

    public bool TryGet([NotNullWhen(true)] out EntityUid? value) => (value = _content as EntityUid) is not null;

    public bool TryGet([NotNullWhen(true)] out ValueSet? value) => (value = _content as ValueSet) is not null;

    public bool TryGet([NotNullWhen(true)] out ValueRecord? value) => (value = _content as ValueRecord) is not null;

    public bool TryGet([NotNullWhen(true)] out IpRange? value) => (value = _content as IpRange) is not null;

    public bool TryGet(out CedarDecimal value)
    {
        value = new CedarDecimal(_number);
        return ReferenceEquals(_content, ValueTag.Decimal);
    }

    public bool TryGet(out CedarDatetime value)
    {
        value = new CedarDatetime(_number);
        return ReferenceEquals(_content, ValueTag.Datetime);
    }

    public bool TryGet(out CedarDuration value)
    {
        value = new CedarDuration(_number);
        return ReferenceEquals(_content, ValueTag.Duration);
    }

    internal bool TryGet([NotNullWhen(true)] out EvaluationError? error) => (error = _content as EvaluationError) is not null;

    public bool Equals(Value other)
    {
        if (_number != other._number) return false;
        return _content switch
        {
            null => other._content is null || ReferenceEquals(other._content, ValueTag.Boolean),
            ValueTag tag => ReferenceEquals(tag, other._content) || (other._content is null && tag.Kind == ValueKind.Boolean),
            _ => ReferenceEquals(_content, other._content) || _content.Equals(other._content),
        };
    }

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Value other && Equals(other);

    public override int GetHashCode() => _content switch
    {
        null => HashCode.Combine(ValueKind.Boolean, _number),
        ValueTag tag => HashCode.Combine(tag.Kind, _number),
        string text => text.GetHashCode(StringComparison.Ordinal),
        _ => _content.GetHashCode(),
    };

    public static bool operator ==(Value left, Value right) => left.Equals(right);

    public static bool operator !=(Value left, Value right) => !left.Equals(right);

    /// <summary>As Cedar writes it.</summary>
    public override string ToString() => _content switch
    {
        null => "false",
        ValueTag { Kind: ValueKind.Boolean } => _number != 0 ? "true" : "false",
        ValueTag { Kind: ValueKind.Long } => _number.ToString(CultureInfo.InvariantCulture),
        ValueTag { Kind: ValueKind.Decimal } => $"decimal(\"{new CedarDecimal(_number)}\")",
        ValueTag { Kind: ValueKind.Datetime } => $"datetime(\"1970-01-01\").offset(duration(\"{_number.ToString(CultureInfo.InvariantCulture)}ms\"))",
        ValueTag => $"duration(\"{new CedarDuration(_number)}\")",
        string text => Syntax.StringEscape.Quote(text),
        IpRange range => $"ip(\"{range}\")",
        _ => _content.ToString()!,
    };
}
