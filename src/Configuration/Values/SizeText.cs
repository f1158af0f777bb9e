using System.Globalization;

namespace Spiffe.Agent.Configuration.Values;

/// <summary>Sizes in bytes as people write them: <c>4096</c>, <c>64KiB</c>, <c>64MiB</c>, <c>2GiB</c>. Powers of 1024 only, so that nothing is ambiguous.</summary>
internal static class SizeText
{
    /// <summary>What a fault says when a size cannot be read.</summary>
    public const string Remedy = "write a whole number of bytes, or one with KiB, MiB or GiB behind it: 64MiB";

    private static readonly (string Unit, long Bytes)[] Units = [("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10), ("B", 1)];

    public static bool TryParse(ReadOnlySpan<char> text, out long bytes)
    {
        bytes = 0;
        long factor = 1;
        foreach ((string unit, long size) in Units)
        {
            if (!text.EndsWith(unit, StringComparison.Ordinal)) continue;
            factor = size;
            text = text[..^unit.Length];
            break;
        }

        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)) return false;
        if (number > long.MaxValue / factor) return false;
        bytes = number * factor;
        return true;
    }

    /// <summary>The shortest text that reads back as the same size.</summary>
    public static string Format(long bytes)
    {
        foreach ((string unit, long size) in Units)
        {
            if (size > 1 && bytes >= size && bytes % size == 0) return string.Create(CultureInfo.InvariantCulture, $"{bytes / size}{unit}");
        }

        return bytes.ToString(CultureInfo.InvariantCulture);
    }
}
