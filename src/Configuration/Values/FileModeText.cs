namespace Spiffe.Agent.Configuration.Values;

/// <summary>Permission bits in octal, as <c>chmod(1)</c> takes them: <c>0660</c> or <c>660</c>.</summary>
internal static class FileModeText
{
    /// <summary>Three octal digits, or four of which the first is 0: sockets carry no set-id or sticky bits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out UnixFileMode mode)
    {
        mode = default;
        if (text.Length == 4 && text[0] == '0') text = text[1..];
        if (text.Length != 3 || text.ContainsAnyExceptInRange('0', '7')) return false;
        mode = (UnixFileMode)(((text[0] - '0') << 6) | ((text[1] - '0') << 3) | (text[2] - '0'));
        return true;
    }
}
