using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Registration;

/// <summary>A kind of selector, such as <c>unix:user</c>: what a placeholder of an <see cref="IdTemplate"/> asks for.</summary>
/// <param name="Type">Which attestor vouches for it.</param>
/// <param name="Key">Which of its properties.</param>
public readonly record struct SelectorKind(string Type, string Key)
{
    /// <summary>Reads <c>type:key</c>: two words of [a-z0-9_-] and one colon.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out SelectorKind kind)
    {
        kind = default;
        int colon = text.IndexOf(':');
        if (colon <= 0 || colon == text.Length - 1) return false;
        if (text[..colon].ContainsAnyExcept(WordCharacters) || text[(colon + 1)..].ContainsAnyExcept(WordCharacters)) return false;
        kind = new SelectorKind(text[..colon].ToString(), text[(colon + 1)..].ToString());
        return true;
    }

    /// <summary>The value of the one selector of this kind, or false where there is none or more than one.</summary>
    public bool TryGetSingle(SelectorSet selectors, out ReadOnlySpan<char> value)
    {
        ArgumentNullException.ThrowIfNull(selectors);
        value = default;
        bool found = false;
        foreach (Selector selector in selectors.Span)
        {
            if (!TryGetValue(selector, out ReadOnlySpan<char> candidate)) continue;
            if (found) return false;
            found = true;
            value = candidate;
        }

        return found;
    }

    /// <summary>The value behind <c>type:key:</c>, where the selector is of this kind.</summary>
    public bool TryGetValue(Selector selector, out ReadOnlySpan<char> value)
    {
        value = default;
        if (!string.Equals(selector.Type, Type, StringComparison.Ordinal)) return false;
        ReadOnlySpan<char> text = selector.Value;
        if (!text.StartsWith(Key, StringComparison.Ordinal) || text.Length <= Key.Length || text[Key.Length] != ':') return false;
        value = text[(Key.Length + 1)..];
        return true;
    }

    public override string ToString() => string.Concat(Type, ":", Key);

    private static ReadOnlySpan<char> WordCharacters => "abcdefghijklmnopqrstuvwxyz0123456789_-";
}
