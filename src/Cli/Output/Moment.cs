using System.Globalization;

namespace Spiffe.Agent.Cli.Output;

/// <summary>Moments and spans of time as people read them. All in UTC.</summary>
internal static class Moment
{
    private static readonly (string Unit, long Seconds)[] Units = [("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)];

    public static string Rfc3339(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Of(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>The distance in words first, then the moment: <c>in 29 minutes (2026-03-04 12:29:00 UTC)</c>.</summary>
    public static string Relative(DateTimeOffset moment, DateTimeOffset now) => $"{Distance(moment, now)} ({Of(moment)})";

    /// <summary><c>in 29 minutes</c>, <c>3 minutes ago</c>, <c>just now</c>.</summary>
    public static string Distance(DateTimeOffset moment, DateTimeOffset now) => (moment - now) switch
    {
        { TotalSeconds: >= 1 } ahead => $"in {Words(ahead)}",
        { TotalSeconds: <= -1 } past => $"{Words(-past)} ago",
        _ => "just now",
    };

    /// <summary>The two largest units; from ten of the larger one on the smaller is left out: <c>1 hour 5 minutes</c>, <c>29 minutes</c>, <c>12 days</c>.</summary>
    public static string Words(TimeSpan span)
    {
        long seconds = (long)Math.Floor(span.TotalSeconds);
        int unit = Array.FindIndex(Units, u => seconds >= u.Seconds);
        if (unit < 0) return "0 seconds";
        long count = seconds / Units[unit].Seconds;
        long rest = unit + 1 < Units.Length && count < 10 ? seconds % Units[unit].Seconds / Units[unit + 1].Seconds : 0;
        return rest == 0 ? Count(count, Units[unit].Unit) : $"{Count(count, Units[unit].Unit)} {Count(rest, Units[unit + 1].Unit)}";
    }

    /// <summary><c>1 minute</c>, <c>2 minutes</c>; other plurals are given.</summary>
    public static string Count(long count, string one, string? many = null) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many ?? one + "s")}");
}
