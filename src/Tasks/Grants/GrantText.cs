using System.Globalization;
using System.Text;

namespace Spiffe.Agent.Tasks.Grants;

/// <summary>Which texts a grant may hold. Nothing is folded or normalised: what is spelled otherwise is something else.</summary>
internal static class GrantText
{
    /// <summary>Stands for everything of its kind, and only where it is the whole entry.</summary>
    public const string Any = "*";

    /// <summary>A name of the vocabulary: printable ASCII without spaces, so that what looks equal is.</summary>
    public static bool IsTerm(string text)
    {
        if (text.Length is 0 or > GrantLimits.MaxTermLength) return false;
        foreach (char c in text)
        {
            if (c is <= ' ' or > '~') return false;
        }

        return true;
    }

    /// <summary>A value: any language, but nothing that is invisible, private or unassigned.</summary>
    public static bool IsValue(string text)
    {
        if (text.Length is 0 or > GrantLimits.MaxTermLength) return false;
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out Rune rune, out int length) != System.Buffers.OperationStatus.Done) return false;
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned) return false;
            rest = rest[length..];
        }

        return true;
    }
}
