using System.CommandLine;
using System.Globalization;

namespace Spiffe.Agent.Cli.Options;

/// <summary>How long something is to last, as the configuration writes it: <c>90s</c>, <c>5m</c>, <c>1h</c>, <c>7d</c>.</summary>
internal static class SpanOption
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    public static Option<TimeSpan?> Create(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "DURATION",
        CustomParser = argument =>
        {
            string text = argument.Tokens[0].Value;
            if (TryParse(text, out TimeSpan span)) return span;
            argument.AddError($"{name}: {text}: write a whole number and its unit, from 1s to 365d: 90s, 5m, 1h, 7d");
            return null;
        },
    };

    internal static bool TryParse(ReadOnlySpan<char> text, out TimeSpan span)
    {
        span = default;
        int digits = text.IndexOfAnyExceptInRange('0', '9');
        if (digits is < 1 or > 8) return false;
        long count = int.Parse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture);
        long seconds = text[digits..] switch
        {
            "s" => 1,
            "m" => 60,
            "h" => 3_600,
            "d" => 86_400,
            _ => 0,
        };
        if (count * seconds > (long)Longest.TotalSeconds) return false;
        span = TimeSpan.FromSeconds(count * seconds);
        return span > TimeSpan.Zero;
    }
}
