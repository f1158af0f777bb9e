using System.Diagnostics.CodeAnalysis;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Tasks.Grants;

/// <summary>
/// A place and everything beneath it: an absolute URI with an authority, or a SPIFFE ID, in one spelling only. Scheme and host are lower case, a default port is left
/// out, percent-encodings are upper case. Refused is what servers and proxies read in different ways: user info, queries, fragments, dot segments, empty segments and
/// trailing slashes, backslashes, semicolons, encodings of unreserved characters, slashes, backslashes, percent signs and controls, numeric hosts that are not plain
/// addresses. RFC 3986 §6.2.2, §7.3; RFC 9396 §2.2.
/// </summary>
public sealed class GrantLocation : IEquatable<GrantLocation>
{
    private const string SchemeEnd = "://";

    private readonly string _text;

    private GrantLocation(string text) => _text = text;

    /// <summary>Reads a location.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out GrantLocation? location, [NotNullWhen(false)] out string? error)
    {
        location = null;
        error = null;
        if (text.Length > GrantLimits.MaxLocationLength) return Fail($"a location has at most {GrantLimits.MaxLocationLength} characters", out error);
        int end = text.IndexOf(SchemeEnd, StringComparison.Ordinal);
        if (end < 1 || !IsScheme(text[..end])) return Fail("a location is an absolute URI with an authority, such as https://host/path", out error);
        string scheme = text[..end].ToString().ToLowerInvariant();
        if (string.Equals(scheme, "spiffe", StringComparison.Ordinal)) return TrySpiffe(text, out location, out error);

        ReadOnlySpan<char> rest = text[(end + SchemeEnd.Length)..];
        int slash = rest.IndexOf('/');
        if (!LocationAuthority.TryRead(scheme, slash < 0 ? rest : rest[..slash], out string? authority, out error)) return false;
        if (!LocationPath.TryRead(slash < 0 ? [] : rest[slash..], out string? path, out error)) return false;
        location = new GrantLocation(string.Concat(scheme, SchemeEnd, authority, path));
        return true;
    }

    /// <summary>Reads a location that is known to be good.</summary>
    /// <exception cref="FormatException">It breaks a rule.</exception>
    public static GrantLocation Parse(string text) =>
        TryParse(text, out GrantLocation? location, out string? error) ? location : throw new FormatException($"{error}: '{text}'");

    /// <summary>Whether the other is this place or beneath it, by whole path segments: <c>/repo/x</c> covers <c>/repo/x/y</c> and not <c>/repo/xy</c>.</summary>
    public bool Covers(GrantLocation other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other._text.StartsWith(_text, StringComparison.Ordinal) && (other._text.Length == _text.Length || other._text[_text.Length] == '/');
    }

    public bool Equals(GrantLocation? other) => other is not null && string.Equals(_text, other._text, StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as GrantLocation);

    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <summary>The canonical spelling.</summary>
    public override string ToString() => _text;

    /// <summary>The places that this one is beneath, the nearest first.</summary>
    internal IEnumerable<string> Above()
    {
        int authority = _text.IndexOf(SchemeEnd, StringComparison.Ordinal) + SchemeEnd.Length;
        for (int slash = _text.LastIndexOf('/'); slash >= authority; slash = slash > authority ? _text.LastIndexOf('/', slash - 1) : -1) yield return _text[..slash];
    }

    private static bool TrySpiffe(ReadOnlySpan<char> text, [NotNullWhen(true)] out GrantLocation? location, [NotNullWhen(false)] out string? error)
    {
        location = null;
        error = null;
        if (!SpiffeId.TryParse(text, out SpiffeId? id, out SpiffeIdRule broken)) return Fail($"not a SPIFFE ID ({broken})", out error);
        location = new GrantLocation(id.ToString());
        return true;
    }

    // RFC 3986 §3.1.
    private static bool IsScheme(ReadOnlySpan<char> text)
    {
        if (!char.IsAsciiLetter(text[0])) return false;
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('+' or '-' or '.')) return false;
        }

        return true;
    }

    private static bool Fail(string message, out string error)
    {
        error = message;
        return false;
    }
}
