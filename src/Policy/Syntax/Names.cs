namespace Spiffe.Agent.Policy.Syntax;

/// <summary>Which words are names. Cedar docs, "Policy grammar": IDENT, ANYIDENT, RESERVED.</summary>
internal static class Names
{
    /// <summary>Whether the word means something of its own and can name neither an attribute nor a type.</summary>
    public static bool IsReserved(ReadOnlySpan<char> word) =>
        word is "true" or "false" or "if" or "then" or "else" or "in" or "like" or "has" or "is" or "__cedar";

    /// <summary>A letter or underscore, then letters, digits and underscores; ASCII alone. Reserved words too.</summary>
    public static bool IsWord(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || char.IsAsciiDigit(text[0])) return false;
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_') return false;
        }

        return true;
    }

    /// <summary>A name that is not reserved.</summary>
    public static bool IsIdentifier(ReadOnlySpan<char> text) => IsWord(text) && !IsReserved(text);

    /// <summary>Identifiers with <c>::</c> between them and no white space: the normal form of a type's name.</summary>
    public static bool IsPath(ReadOnlySpan<char> text)
    {
        while (true)
        {
            int at = text.IndexOf("::", StringComparison.Ordinal);
            if (at < 0) return IsIdentifier(text);
            if (!IsIdentifier(text[..at])) return false;
            text = text[(at + 2)..];
        }
    }

    /// <summary>Whether the type is one of actions: its last name is <c>Action</c>.</summary>
    public static bool IsActionType(string type) => type is "Action" || type.EndsWith("::Action", StringComparison.Ordinal);
}
