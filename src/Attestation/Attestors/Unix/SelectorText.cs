using System.Text;
using System.Text.Unicode;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Attestation.Attestors.Unix;

/// <summary>Turns bytes of the system into the text of a selector.</summary>
internal static class SelectorText
{
    /// <summary>Longest text behind <c>unix:supplementary_group:</c>, the longest key.</summary>
    private const int MaxLength = Selector.MaxLength - 32;

    /// <summary>The text, or null when it is not strict UTF-8, holds control characters, is empty or too long: nothing is mended, so that no two values become one.</summary>
    internal static string? From(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes.Length > MaxLength || !Utf8.IsValid(bytes)) return null;
        string text = Encoding.UTF8.GetString(bytes);
        foreach (char c in text)
        {
            if (char.IsControl(c)) return null;
        }

        return text;
    }
}
