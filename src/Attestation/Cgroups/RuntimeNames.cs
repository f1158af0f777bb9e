namespace Spiffe.Agent.Attestation.Cgroups;

/// <summary>The names that runtimes give the cgroups of containers and pods.</summary>
internal static class RuntimeNames
{
    private const int IdLength = 64;
    private const string Scope = ".scope";

    /// <summary>64 digits of [0-9a-f], as docker, podman, containerd's CRI and CRI-O draw them.</summary>
    internal static bool IsId(ReadOnlySpan<char> text) => text.Length == IdLength && IsHex(text);

    /// <summary>The id in <c>prefix-ID.scope</c>; null for any other name.</summary>
    internal static string? IdOfScope(string name, string prefix) =>
        name.Length == prefix.Length + IdLength + Scope.Length && name.EndsWith(Scope, StringComparison.Ordinal) ? IdAfter(name[..^Scope.Length], prefix) : null;

    /// <summary>The id in <c>prefix-ID</c>; null for any other name.</summary>
    internal static string? IdAfter(string name, string prefix) =>
        name.Length == prefix.Length + IdLength && name.StartsWith(prefix, StringComparison.Ordinal) && IsId(name.AsSpan(prefix.Length)) ? name[prefix.Length..] : null;

    /// <summary>The uid of a pod as the API writes it: a UUID, or the 32 digits that the kubelet gives static pods. Null for anything else.</summary>
    /// <param name="text">Behind <c>pod</c>.</param>
    /// <param name="dash">What stands for a dash: itself, or the underscore in names of slices.</param>
    internal static string? PodUid(ReadOnlySpan<char> text, char dash)
    {
        if (text.Length == 32) return IsHex(text) ? text.ToString() : null;
        if (text.Length != 36) return null;
        for (int i = 0; i < text.Length; i++)
        {
            bool isDash = i is 8 or 13 or 18 or 23;
            if (isDash ? text[i] != dash : !char.IsAsciiHexDigitLower(text[i])) return null;
        }

        return text.ToString().Replace(dash, '-');
    }

    /// <summary>containerd's rule for ids and namespaces: letters and digits, single <c>. _ -</c> between them, at most 76 characters.</summary>
    internal static bool IsContainerdName(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > 76) return false;
        bool last = false;
        foreach (char c in text)
        {
            bool letter = char.IsAsciiLetterOrDigit(c);
            if (!letter && (!last || c is not ('.' or '_' or '-'))) return false;
            last = letter;
        }

        return last;
    }

    private static bool IsHex(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiHexDigitLower(c)) return false;
        }

        return true;
    }
}
