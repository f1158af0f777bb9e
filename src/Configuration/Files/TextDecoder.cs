using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Spiffe.Agent.Configuration.Yaml;

namespace Spiffe.Agent.Configuration.Files;

/// <summary>Bytes to text: UTF-8 without fault, and without characters that make a file read differently from how it looks.</summary>
internal static class TextDecoder
{
    /// <summary>The text, or null where it is not to be read; <paramref name="faults"/> then says why.</summary>
    public static string? Decode(ReadOnlySpan<byte> content, FaultList faults)
    {
        if (content.StartsWith(Encoding.UTF8.Preamble)) content = content[3..];
        if (!Utf8.IsValid(content))
        {
            faults.Add(PlaceOfInvalid(content), null, null, "is not UTF-8 from here on", "save the file as UTF-8");
            return null;
        }

        string text = Encoding.UTF8.GetString(content);
        YamlPlace place = YamlPlace.Start;
        bool clean = true;
        foreach (char c in text)
        {
            if (IsHidden(c))
            {
                faults.Add(place, null, null, string.Create(CultureInfo.InvariantCulture, $"has the invisible character U+{(int)c:X4}"), "remove it: it makes the file read differently from how it looks");
                clean = false;
            }

            place = c == '\n' ? new YamlPlace(place.Line + 1, 1) : place with { Column = place.Column + 1 };
        }

        return clean ? text : null;
    }

    /// <summary>Controls, odd line breaks and whatever turns the direction of text around (as in CVE-2021-42574).</summary>
    private static bool IsHidden(char c) => c switch
    {
        '\t' or '\n' or '\r' => false,
        < ' ' or '\x7f' => true,
        >= '\x80' and <= '\x9f' or '\u2028' or '\u2029' or '\ufeff' => true,
        >= '\u202a' and <= '\u202e' or >= '\u2066' and <= '\u2069' or '\u200e' or '\u200f' or '\u061c' => true,
        _ => false,
    };

    private static YamlPlace PlaceOfInvalid(ReadOnlySpan<byte> content)
    {
        int line = 1;
        int column = 1;
        while (Rune.DecodeFromUtf8(content, out Rune rune, out int length) == System.Buffers.OperationStatus.Done)
        {
            (line, column) = rune.Value == '\n' ? (line + 1, 1) : (line, column + 1);
            content = content[length..];
        }

        return new YamlPlace(line, column);
    }
}
