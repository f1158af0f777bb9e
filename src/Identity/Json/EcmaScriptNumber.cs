using System.Globalization;

namespace Spiffe.Agent.Identity.Json;

/// <summary>How ECMAScript writes a number: the shortest digits that read back the same, plain from 1e-6 to below 1e21. ECMA-262 §6.1.6.1.20, RFC 8785 §3.2.2.3.</summary>
internal static class EcmaScriptNumber
{
    private const int PlainBelow = 21;
    private const int PlainFrom = -6;

    public static string Format(double value)
    {
        if (value == 0) return "0"; // Minus zero too.
        string shortest = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture);
        (string digits, int point) = Digits(shortest);
        string text = point switch
        {
            > PlainBelow or <= PlainFrom => Exponential(digits, point - 1),
            <= 0 => $"0.{new string('0', -point)}{digits}",
            _ when digits.Length <= point => digits.PadRight(point, '0'),
            _ => $"{digits[..point]}.{digits[point..]}",
        };
        return value < 0 ? "-" + text : text;
    }

    /// <summary>Whether the double says exactly what the JSON number says.</summary>
    public static bool IsExact(string json, double value)
    {
        if (value == 0) return json.AsSpan(0, json.AsSpan().IndexOfAny('e', 'E') is >= 0 and int e ? e : json.Length).IndexOfAnyInRange('1', '9') < 0;
        return Digits(json.TrimStart('-').ToUpperInvariant()) == Digits(Math.Abs(value).ToString("R", CultureInfo.InvariantCulture));
    }

    /// <summary>The digits without zeros at either end, and how many of them stand before the point.</summary>
    private static (string Digits, int Point) Digits(string text)
    {
        int e = text.IndexOf('E', StringComparison.Ordinal);
        int exponent = e < 0 ? 0 : int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string mantissa = e < 0 ? text : text[..e];
        int dot = mantissa.IndexOf('.', StringComparison.Ordinal);
        int point = (dot < 0 ? mantissa.Length : dot) + exponent;
        string all = mantissa.Replace(".", "", StringComparison.Ordinal);
        string trimmed = all.TrimStart('0');
        return (trimmed.TrimEnd('0'), point - (all.Length - trimmed.Length));
    }

    private static string Exponential(string digits, int exponent)
    {
        string mantissa = digits.Length == 1 ? digits : $"{digits[0]}.{digits[1..]}";
        return string.Create(CultureInfo.InvariantCulture, $"{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent)}");
    }
}
