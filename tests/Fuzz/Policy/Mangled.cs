using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Spiffe.Agent.Tests.Fuzz.Policy;

/// <summary>Texts with something changed: characters overwritten, stretches cut out, doubled or moved, and pieces of the language put between.</summary>
internal static class Mangled
{
    private static readonly string[] Pieces =
    [
        "(", ")", "[", "]", "{", "}", "\"", "\\", ",", ";", ".", "::", "==", "&&", "||", "!", "-", "+", "*", "if ", " then ", " else ", " in ", " has ", " like ", " is ", "context", "principal",
        "9223372036854775807", "-9223372036854775808", "\"\\u{10FFFF}\"", "\"*\"", "ip(\"::/0\")", "decimal(\"-922337203685477.5808\")", "datetime(\"9999-12-31\")", "duration(\"-9223372036854775808ms\")",
        ".isEmpty()", ".getTag(\"t\")", ".offset(duration(\"1d\"))", ".toTime()", ".isInRange(ip(\"10.0.0.0/8\"))", "?principal", "@id(\"x\")", "//", "\n", "\r", "\0", "é", "\ud83d", "null", "1e9", ":", "__extn", "__entity",
    ];

    /// <summary>The text with one to five changes.</summary>
    public static Gen<string> Of(string text) =>
        from count in Gen.Choose(1, 5)
        from changes in Gen.ArrayOf(Change, count)
        select changes.Aggregate(text, Apply);

    /// <summary>Its bytes, of which one may be changed as well.</summary>
    public static Gen<byte[]> BytesOf(string text) =>
        from mangled in Of(text)
        from at in Gen.Choose(0, 1_000_000)
        from value in Gen.Choose(0, 1_023)
        select Poked(Encoding.UTF8.GetBytes(mangled), at, value);

    private static Gen<(int Kind, int At, int Length, string Piece)> Change =>
        from kind in Gen.Choose(0, 4)
        from at in Gen.Choose(0, 1_000_000)
        from length in Gen.Choose(1, 30)
        from piece in Gen.Elements(Pieces)
        select (kind, at, length, piece);

    private static string Apply(string text, (int Kind, int At, int Length, string Piece) change)
    {
        int at = change.At % (text.Length + 1), end = Math.Min(text.Length, at + change.Length);
        return change.Kind switch
        {
            0 => text[..at] + text[end..],
            1 => text[..end] + text[at..],
            2 => text[end..] + text[at..end] + text[..at],
            3 => text[..at] + change.Piece + text[at..],
            _ => text[..at] + change.Piece + text[end..],
        };
    }

    private static byte[] Poked(byte[] bytes, int at, int value)
    {
        if (bytes.Length > 0 && value < 256) bytes[at % bytes.Length] = (byte)value;
        return bytes;
    }
}
