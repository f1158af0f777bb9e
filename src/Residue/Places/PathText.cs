using System.Text;

namespace Spiffe.Agent.Residue.Places;

/// <summary>Names of files for people and receipts: whatever bytes they are, no control character and nothing that is not text comes through.</summary>
internal static class PathText
{
    private const int MaxLength = 512;

    public static string Of(ReadOnlySpan<byte> name)
    {
        StringBuilder text = new();
        foreach (Rune rune in Encoding.UTF8.GetString(name).EnumerateRunes())
        {
            bool isShown = !Rune.IsControl(rune) && rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune) is not (System.Globalization.UnicodeCategory.Format
                or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator);
            if (isShown) text.Append(rune);
            else text.Append('?');
        }

        return Cut(text.ToString());
    }

    /// <summary>Long ones lose their middle, by whole characters.</summary>
    public static string Cut(string path)
    {
        if (path.Length <= MaxLength) return path;
        int head = MaxLength / 2;
        int tail = path.Length - (MaxLength / 2);
        if (char.IsLowSurrogate(path[head])) head--;
        if (char.IsLowSurrogate(path[tail])) tail++;
        return string.Concat(path.AsSpan(0, head), "…", path.AsSpan(tail));
    }
}
