using System.Globalization;

namespace Spiffe.Agent.Policy.Extensions;

/// <summary>A signed length of time in milliseconds. Cedar docs, "duration".</summary>
public readonly record struct CedarDuration(long Milliseconds)
{
    private static readonly (string Unit, long Milliseconds)[] Units = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

    public long Seconds => Milliseconds / 1_000;

    public long Minutes => Seconds / 60;

    public long Hours => Minutes / 60;

    public long Days => Hours / 24;

    /// <summary>Reads numbers with units in the order <c>d h m s ms</c>, each at most once and at least one, such as <c>1d2h3m4s5ms</c> or <c>-90s</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out CedarDuration value)
    {
        value = default;
        bool isNegative = text.StartsWith('-');
        if (isNegative) text = text[1..];
        if (text.IsEmpty) return false;
        Int128 total = 0;
        int unit = 0;
        while (!text.IsEmpty)
        {
            int digits = text.IndexOfAnyExceptInRange('0', '9');
            if (digits < 1 || !ulong.TryParse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out ulong count)) return false;
            text = text[digits..];
            int letters = text.IndexOfAnyInRange('0', '9');
            ReadOnlySpan<char> name = letters < 0 ? text : text[..letters];
            while (unit < Units.Length && !name.SequenceEqual(Units[unit].Unit)) unit++;
            if (unit == Units.Length) return false;
            total += (Int128)count * Units[unit].Milliseconds;
            unit++;
            text = text[name.Length..];
        }

        if (isNegative) total = -total;
        if (total < long.MinValue || total > long.MaxValue) return false;
        value = new CedarDuration((long)total);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Milliseconds}ms");
}
