namespace Spiffe.Agent.Policy.Extensions;

/// <summary>An instant: milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted. Cedar docs, "datetime".</summary>
public readonly record struct CedarDatetime(long Milliseconds)
{
    private const long Day = 86_400_000;

    /// <summary>Reads <c>YYYY-MM-DD</c>, alone or with <c>Thh:mm:ss</c>, then <c>.SSS</c> or not, then <c>Z</c> or an offset such as <c>+0130</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out CedarDatetime value)
    {
        value = default;
        if (!Matches(text, "dddd-dd-dd", out ReadOnlySpan<char> rest) || !TryDate(text, out long milliseconds)) return false;
        if (!rest.IsEmpty)
        {
            ReadOnlySpan<char> time = rest;
            if (!Matches(time, "Tdd:dd:dd", out rest)) return false;
            int hour = Digits.Value(time[1..3]), minute = Digits.Value(time[4..6]), second = Digits.Value(time[7..9]);
            if (hour > 23 || minute > 59 || second > 59) return false;
            milliseconds += (((((hour * 60) + minute) * 60) + second) * 1_000L) + Fraction(ref rest);
            if (!TryOffset(rest, out long offset)) return false;
            milliseconds -= offset;
        }

        value = new CedarDatetime(milliseconds);
        return true;
    }

    /// <summary>Later by the duration, or false where that is out of range.</summary>
    public bool TryOffset(CedarDuration duration, out CedarDatetime value) => InRange((Int128)Milliseconds + duration.Milliseconds, out value);

    /// <summary>The time since another instant, or false where that is out of range.</summary>
    public bool TrySince(CedarDatetime other, out CedarDuration value)
    {
        bool fits = InRange((Int128)Milliseconds - other.Milliseconds, out CedarDatetime difference);
        value = new CedarDuration(difference.Milliseconds);
        return fits;
    }

    /// <summary>Midnight of its day, or false where that is out of range.</summary>
    public bool TryDate(out CedarDatetime value) => InRange((Int128)Milliseconds - TimeOfDay.Milliseconds, out value);

    /// <summary>Time since midnight of its day; never negative.</summary>
    public CedarDuration TimeOfDay => new(((Milliseconds % Day) + Day) % Day);

    private static bool InRange(Int128 milliseconds, out CedarDatetime value)
    {
        bool fits = milliseconds >= long.MinValue && milliseconds <= long.MaxValue;
        value = new CedarDatetime(fits ? (long)milliseconds : 0);
        return fits;
    }

    /// <summary>The day's midnight, in the Gregorian calendar reckoned backwards; years from 0000.</summary>
    private static bool TryDate(ReadOnlySpan<char> text, out long milliseconds)
    {
        int year = Digits.Value(text[..4]), month = Digits.Value(text[5..7]), day = Digits.Value(text[8..10]);
        milliseconds = 0;
        // The calendar repeats every 400 years, and year 0 is not one of DateTime's.
        int inRange = year == 0 ? 400 : year;
        if (month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(inRange, month)) return false;
        long days = new DateOnly(inRange, month, day).DayNumber - new DateOnly(1970, 1, 1).DayNumber - (year == 0 ? 146_097 : 0);
        milliseconds = days * Day;
        return true;
    }

    private static int Fraction(ref ReadOnlySpan<char> text)
    {
        if (!Matches(text, ".ddd", out ReadOnlySpan<char> rest)) return 0;
        int milliseconds = Digits.Value(text[1..4]);
        text = rest;
        return milliseconds;
    }

    private static bool TryOffset(ReadOnlySpan<char> text, out long milliseconds)
    {
        milliseconds = 0;
        if (text is "Z") return true;
        if (text.Length != 5 || text[0] is not ('+' or '-') || !Digits.AreAll(text[1..])) return false;
        int hour = Digits.Value(text[1..3]), minute = Digits.Value(text[3..5]);
        if (hour > 23 || minute > 59) return false;
        milliseconds = ((hour * 60) + minute) * 60_000L * (text[0] == '-' ? -1 : 1);
        return true;
    }

    /// <summary>Whether the text begins with the pattern, in which d is a digit.</summary>
    private static bool Matches(ReadOnlySpan<char> text, string pattern, out ReadOnlySpan<char> rest)
    {
        rest = text;
        if (text.Length < pattern.Length) return false;
        for (int i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == 'd' ? !char.IsAsciiDigit(text[i]) : text[i] != pattern[i]) return false;
        }

        rest = text[pattern.Length..];
        return true;
    }
}
