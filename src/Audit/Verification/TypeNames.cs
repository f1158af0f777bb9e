using System.Text;

namespace Spiffe.Agent.Audit.Verification;

/// <summary>Types of entries as texts: one for each of the few that there are, not one for each entry.</summary>
internal static class TypeNames
{
    /// <summary>Most that are kept. Ours: an attacker may invent types.</summary>
    private const int MaxKept = 256;

    [ThreadStatic]
    private static Dictionary<string, string>? _kept;

    public static string Of(ReadOnlySpan<byte> utf8)
    {
        Span<char> name = stackalloc char[utf8.Length];
        Encoding.ASCII.GetChars(utf8, name);
        Dictionary<string, string> kept = _kept ??= new(StringComparer.Ordinal);
        var lookup = kept.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(name, out string? known)) return known;
        string text = name.ToString();
        if (kept.Count < MaxKept) kept.Add(text, text);
        return text;
    }
}
