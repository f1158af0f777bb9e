using System.Globalization;

namespace Spiffe.Agent.Configuration.Values;

/// <summary>Text for people: one line, in any language, without what could forge another line or turn it around.</summary>
internal static class PlainText
{
    /// <summary>Longest such text, in characters. Ours: what fits into a table and a log line.</summary>
    public const int MaxLength = 1024;

    public static readonly string Remedy = $"write one line of 1 to {MaxLength} visible characters";

    public static bool IsValid(string text) => text.Length <= MaxLength && !string.IsNullOrWhiteSpace(text) && text.All(c => char.GetUnicodeCategory(c)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator));
}
