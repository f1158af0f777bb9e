using System.Globalization;
using System.Text;

namespace Spiffe.Agent.Policy.Syntax;

/// <summary>Writes Cedar's string literals: what it returns parses back to the same text.</summary>
internal static class StringEscape
{
    public static string Quote(string text) => string.Concat("\"", Escape(text, inPattern: false), "\"");

    /// <summary>The pattern as a literal, with <c>*</c> for wildcards and <c>\*</c> for stars.</summary>
    public static string Quote(LikePattern pattern) => string.Concat("\"", string.Join('*', pattern.Parts.Select(part => Escape(part, inPattern: true))), "\"");

    private static string Escape(string text, bool inPattern)
    {
        StringBuilder escaped = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '"' => escaped.Append("\\\""),
                '\\' => escaped.Append("\\\\"),
                '\n' => escaped.Append("\\n"),
                '\r' => escaped.Append("\\r"),
                '\t' => escaped.Append("\\t"),
                0 => escaped.Append("\\0"),
                '*' when inPattern => escaped.Append("\\*"),
                _ when Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator =>
                    escaped.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}"),
                _ => escaped.Append(rune.ToString()),
            };
        }

        return escaped.ToString();
    }
}
