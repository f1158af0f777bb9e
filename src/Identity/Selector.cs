using System.Diagnostics.CodeAnalysis;

namespace Spiffe.Agent.Identity;

/// <summary>One attested property of a workload, written <c>type:value</c>, such as <c>unix:uid:1001</c>.</summary>
/// <remarks>The type ends at the first colon; everything behind it, further colons included, is the value. This is how SPIRE writes them.</remarks>
/// <param name="Type">Which attestor vouches for it: <c>unix</c>, <c>systemd</c>, <c>docker</c>, ….</param>
/// <param name="Value">What it says, such as <c>uid:1001</c>.</param>
public readonly record struct Selector(string Type, string Value)
{
    /// <summary>Longest selector that is read, in characters. Ours: SPIRE sets none.</summary>
    public const int MaxLength = 4096;

    /// <summary>Reads <c>type:value</c>: a type of [a-z0-9_-], a value that is not empty and holds no control characters.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Selector selector, [NotNullWhen(false)] out string? fault)
    {
        selector = default;
        fault = null;
        int colon = text.IndexOf(':');
        if (text.Length > MaxLength) fault = $"longer than {MaxLength} characters";
        else if (colon < 0) fault = "no colon: write type:value, such as unix:uid:1001";
        else if (colon == 0) fault = "no type before the first colon: write type:value, such as unix:uid:1001";
        else if (colon == text.Length - 1) fault = "no value behind the colon: write type:value, such as unix:uid:1001";
        else if (text[..colon].ContainsAnyExcept(TypeCharacters)) fault = "a type is written in [a-z0-9_-]";
        else if (HasControlCharacter(text)) fault = "control characters are not allowed";
        if (fault is not null) return false;

        selector = new Selector(text[..colon].ToString(), text[(colon + 1)..].ToString());
        return true;
    }

    public override string ToString() => string.Concat(Type, ":", Value);

    private static ReadOnlySpan<char> TypeCharacters => "abcdefghijklmnopqrstuvwxyz0123456789_-";

    private static bool HasControlCharacter(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (char.IsControl(c)) return true;
        }

        return false;
    }
}
