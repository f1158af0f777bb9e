using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Spiffe.Agent.Tasks.Grants;

/// <summary>The path of a location, segment by segment. RFC 3986 §3.3, read narrowly: what one server decodes and the next does not is refused.</summary>
internal static class LocationPath
{
    private const string Unencoded = "-._~!$&'()*+,=:@";

    public static bool TryRead(ReadOnlySpan<char> text, [NotNullWhen(true)] out string? path, [NotNullWhen(false)] out string? error)
    {
        path = null;
        error = null;
        if (text.Length <= 1)
        {
            path = ""; // RFC 3986 §6.2.3: "/" and nothing are the same place.
            return true;
        }

        if (text[^1] == '/') return Fail("a location does not end in a slash", out error);
        StringBuilder canonical = new(text.Length);
        foreach (Range range in text[1..].Split('/'))
        {
            ReadOnlySpan<char> segment = text[1..][range];
            if (segment.IsEmpty) return Fail("a location has no empty segments", out error);
            if (segment is "." or "..") return Fail("a location has no dot segments", out error);
            canonical.Append('/');
            if (!TryAppend(canonical, segment, out error)) return false;
        }

        path = canonical.ToString();
        return true;
    }

    private static bool TryAppend(StringBuilder canonical, ReadOnlySpan<char> segment, [NotNullWhen(false)] out string? error)
    {
        error = null;
        for (int i = 0; i < segment.Length; i++)
        {
            char c = segment[i];
            if (char.IsAsciiLetterOrDigit(c) || Unencoded.Contains(c, StringComparison.Ordinal))
            {
                canonical.Append(c);
                continue;
            }

            if (c is '?' or '#') return Fail("a location has no query and no fragment", out error);
            if (c != '%') return Fail("a location's path has letters, digits and -._~!$&'()*+,=:@, and the rest encoded as %XX", out error);
            if (i + 2 >= segment.Length || !char.IsAsciiHexDigit(segment[i + 1]) || !char.IsAsciiHexDigit(segment[i + 2])) return Fail("a percent sign begins %XX", out error);
            int value = (Nibble(segment[i + 1]) << 4) | Nibble(segment[i + 2]);
            if (value is < 0x20 or 0x7f or '/' or '\\' or '%' or ';') return Fail("a location does not hide slashes, backslashes, semicolons, percent signs or controls in an encoding", out error);
            if (value < 0x80 && (char.IsAsciiLetterOrDigit((char)value) || Unencoded.Contains((char)value, StringComparison.Ordinal))) return Fail("a location spells plainly what needs no encoding", out error);
            canonical.Append('%').Append(char.ToUpperInvariant(segment[i + 1])).Append(char.ToUpperInvariant(segment[i + 2]));
            i += 2;
        }

        return true;
    }

    private static int Nibble(char c) => char.IsAsciiDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10;

    private static bool Fail(string message, out string error)
    {
        error = message;
        return false;
    }
}
