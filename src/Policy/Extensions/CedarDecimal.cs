using System.Globalization;

namespace Spiffe.Agent.Policy.Extensions;

/// <summary>A number with four decimal places, from -922337203685477.5808 to 922337203685477.5807. Cedar docs, "decimal".</summary>
/// <param name="TenThousandths">The number times ten thousand.</param>
public readonly record struct CedarDecimal(long TenThousandths)
{
    private const int Scale = 10_000;
    private const int MaxFraction = 4;

    /// <summary>Reads digits, a point and one to four digits, with a minus sign in front or not.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out CedarDecimal value)
    {
        value = default;
        bool isNegative = text.StartsWith('-');
        if (isNegative) text = text[1..];
        int point = text.IndexOf('.');
        if (point < 1) return false;
        ReadOnlySpan<char> whole = text[..point], fraction = text[(point + 1)..];
        if (fraction.Length is 0 or > MaxFraction || !Digits.AreAll(whole) || !Digits.AreAll(fraction)) return false;
        if (!Int128.TryParse(whole.TrimStart('0') is { IsEmpty: false } digits ? digits : "0", NumberStyles.None, CultureInfo.InvariantCulture, out Int128 units)) return false;
        if (units > long.MaxValue) return false;

        Int128 magnitude = (units * Scale) + (int.Parse(fraction, NumberStyles.None, CultureInfo.InvariantCulture) * PowerOfTen(MaxFraction - fraction.Length));
        Int128 signed = isNegative ? -magnitude : magnitude;
        if (signed < long.MinValue || signed > long.MaxValue) return false;
        value = new CedarDecimal((long)signed);
        return true;
    }

    public override string ToString()
    {
        Int128 magnitude = Int128.Abs(TenThousandths);
        return string.Create(CultureInfo.InvariantCulture, $"{(TenThousandths < 0 ? "-" : "")}{magnitude / Scale}.{magnitude % Scale:D4}");
    }

    private static int PowerOfTen(int exponent) => exponent switch { 0 => 1, 1 => 10, 2 => 100, _ => 1_000 };
}
