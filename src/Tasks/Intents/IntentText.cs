using System.Globalization;
using System.Text;

namespace Spiffe.Agent.Tasks.Intents;

/// <summary>Which texts an intent may hold: any language, but nothing that moves a cursor, ends a line or turns the direction of what a person reads before approving it.</summary>
internal static class IntentText
{
    public static bool IsReadable(string text)
    {
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out Rune rune, out int length) != System.Buffers.OperationStatus.Done) return false;
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator || TurnsDirection(rune.Value)) return false;
            rest = rest[length..];
        }

        return true;
    }

    // UAX #9 §2: marks, embeddings, overrides and isolates.
    private static bool TurnsDirection(int rune) => rune is 0x061c or 0x200e or 0x200f or (>= 0x202a and <= 0x202e) or (>= 0x2066 and <= 0x2069);
}
