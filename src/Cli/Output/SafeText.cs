using System.Globalization;
using System.Text;

namespace Spiffe.Agent.Cli.Output;

/// <summary>Text from elsewhere, made safe to show. Selectors, command lines and hints may be chosen by an attacker who wants to write into an operator's terminal.</summary>
internal static class SafeText
{
    /// <summary>Writes as <c>\u{hex}</c> whatever is no visible character: controls and escapes, line separators, direction overrides, zero-width and unassigned ones, halves of pairs.</summary>
    public static string Of(string text)
    {
        StringBuilder? safe = null;
        int index = 0;
        while (index < text.Length)
        {
            bool whole = Rune.TryGetRuneAt(text, index, out Rune rune);
            int length = whole ? rune.Utf16SequenceLength : 1;
            bool shows = whole && Shows(rune);
            if (!shows) safe ??= new StringBuilder(text, 0, index, text.Length + 16);
            if (safe is not null && shows) safe.Append(text, index, length);
            else if (!shows) safe!.Append(CultureInfo.InvariantCulture, $"\\u{{{(whole ? rune.Value : text[index]):x}}}");
            index += length;
        }

        return safe?.ToString() ?? text;
    }

    private static bool Shows(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);
}
