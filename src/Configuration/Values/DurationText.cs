using System.Globalization;
using System.Text;

namespace Spiffe.Agent.Configuration.Values;

/// <summary>Durations as people write them: <c>90s</c>, <c>5m</c>, <c>1h30m</c>, <c>7d</c>. Whole numbers, largest unit first, each unit once.</summary>
internal static class DurationText
{
    /// <summary>What a fault says when a duration cannot be read.</summary>
    public const string Remedy = "write whole numbers with their units, largest first: 90s, 5m, 1h30m, 7d";

    /// <summary>Longest duration that is read: 100 years of 365 days, far within <see cref="TimeSpan"/>.</summary>
    private const long MaxSeconds = 100L * 365 * 86_400;

    private static readonly (char Unit, long Seconds)[] Units = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = default;
        if (text.IsEmpty) return false;
        long total = 0;
        int nextUnit = 0;
        while (!text.IsEmpty)
        {
            int digits = text.IndexOfAnyExceptInRange('0', '9');
            if (digits is < 1 or > 10) return false;
            int unit = IndexOfUnit(text[digits], nextUnit);
            if (unit < 0) return false;
            total += long.Parse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture) * Units[unit].Seconds;
            if (total > MaxSeconds) return false;
            nextUnit = unit + 1;
            text = text[(digits + 1)..];
        }

        duration = TimeSpan.FromSeconds(total);
        return true;
    }

    /// <summary>The shortest text that reads back as the same duration, whole seconds.</summary>
    public static string Format(TimeSpan duration)
    {
        long rest = (long)duration.TotalSeconds;
        StringBuilder text = new();
        foreach ((char unit, long seconds) in Units)
        {
            if (rest / seconds > 0) text.Append(CultureInfo.InvariantCulture, $"{rest / seconds}{unit}");
            rest %= seconds;
        }

        return text.Length == 0 ? "0s" : text.ToString();
    }

    private static int IndexOfUnit(char unit, int from)
    {
        for (int i = from; i < Units.Length; i++)
        {
            if (Units[i].Unit == unit) return i;
        }

        return -1;
    }
}
