using System.Globalization;

namespace Spiffe.Agent.Rpc.Wire;

/// <summary>The header <c>grpc-timeout</c>: one to eight digits and a unit (Timeout → "grpc-timeout" TimeoutValue TimeoutUnit).</summary>
internal static class GrpcTimeout
{
    private const int MaxDigits = 8;

    /// <summary>Longest timeout that is told or timed: 49 days, what a timer can hold. Longer ones are cut to it on reading.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > MaxDigits + 1) return false;
        if (text[..^1].ContainsAnyExceptInRange('0', '9')) return false;
        long value = long.Parse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture);
        long ticks = text[^1] switch
        {
            'H' => value * TimeSpan.TicksPerHour,
            'M' => value * TimeSpan.TicksPerMinute,
            'S' => value * TimeSpan.TicksPerSecond,
            'm' => value * TimeSpan.TicksPerMillisecond,
            'u' => value * TimeSpan.TicksPerMicrosecond,
            'n' => (value + TimeSpan.NanosecondsPerTick - 1) / TimeSpan.NanosecondsPerTick,
            _ => -1,
        };
        if (ticks < 0) return false;
        timeout = TimeSpan.FromTicks(Math.Min(ticks, Longest.Ticks));
        return true;
    }

    /// <summary>Writes a timeout in the finest unit that eight digits can hold, rounded up: never shorter than meant. Negative counts as zero.</summary>
    public static string Format(TimeSpan timeout)
    {
        const long limit = 99_999_999;
        long ticks = Math.Max(0, timeout.Ticks);
        (long unit, char letter) =
            ticks <= limit / TimeSpan.NanosecondsPerTick ? (0, 'n')
            : ticks <= limit * TimeSpan.TicksPerMicrosecond ? (TimeSpan.TicksPerMicrosecond, 'u')
            : ticks <= limit * TimeSpan.TicksPerMillisecond ? (TimeSpan.TicksPerMillisecond, 'm')
            : ticks <= limit * TimeSpan.TicksPerSecond ? (TimeSpan.TicksPerSecond, 'S')
            : ticks <= limit * TimeSpan.TicksPerMinute ? (TimeSpan.TicksPerMinute, 'M')
            : (TimeSpan.TicksPerHour, 'H');
        long value = unit == 0 ? ticks * TimeSpan.NanosecondsPerTick : (ticks / unit) + (ticks % unit == 0 ? 0 : 1);
        return string.Create(CultureInfo.InvariantCulture, $"{value}{letter}");
    }
}
