using System.Globalization;

namespace Spiffe.Agent.Cli.Options;

/// <summary>How long a person is willing to wait: <c>500ms</c>, <c>10s</c>, <c>2m</c>, <c>1h</c>. More than nothing, a day at most.</summary>
internal static class WaitText
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan wait)
    {
        wait = default;
        int digits = text.IndexOfAnyExceptInRange('0', '9');
        if (digits is < 1 or > 8) return false; // more could not be multiplied, and is refused anyhow
        int count = int.Parse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture);
        long milliseconds = text[digits..] switch
        {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            _ => 0,
        };
        wait = TimeSpan.FromMilliseconds(count * milliseconds);
        return wait > TimeSpan.Zero && wait <= Longest;
    }
}
