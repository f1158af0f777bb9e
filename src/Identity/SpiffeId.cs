using System.Diagnostics.CodeAnalysis;

namespace Spiffe.Agent.Identity;

/// <summary>A SPIFFE ID: <c>spiffe://trust-domain/path</c>, at most 2048 bytes, in canonical form. SPIFFE-ID §2.</summary>
public sealed class SpiffeId : IEquatable<SpiffeId>
{
    /// <summary>Longest ID that is read or generated, in bytes. SPIFFE-ID §2.3.</summary>
    public const int MaxLength = 2048;

    private const string Scheme = "spiffe://";

    private readonly string _text;

    private SpiffeId(TrustDomain trustDomain, string path)
    {
        TrustDomain = trustDomain;
        Path = path;
        _text = string.Concat(Scheme, trustDomain.Name, path);
    }

    /// <summary>The trust domain that the ID belongs to.</summary>
    public TrustDomain TrustDomain { get; }

    /// <summary>The path with its leading slash, or an empty string for the trust domain itself.</summary>
    public string Path { get; }

    /// <summary>Whether this names a trust domain and not a workload (a signer, never a leaf; X509-SVID §3.1).</summary>
    public bool IsTrustDomain => Path.Length == 0;

    /// <summary>Reads a whole ID. Scheme and trust domain are case-insensitive, the path is not (§2.4).</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out SpiffeId? id, out SpiffeIdRule broken)
    {
        id = null;
        if (text.IsEmpty) return Fail(SpiffeIdRule.Empty, out broken);
        if (text.Length > MaxLength) return Fail(SpiffeIdRule.TooLong, out broken);
        if (!text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return Fail(SpiffeIdRule.SchemeNotSpiffe, out broken);

        ReadOnlySpan<char> rest = text[Scheme.Length..];
        int slash = rest.IndexOf('/');
        ReadOnlySpan<char> authority = slash < 0 ? rest : rest[..slash];
        ReadOnlySpan<char> path = slash < 0 ? [] : rest[slash..];
        if (!TrustDomain.TryParse(authority, out TrustDomain? domain, out broken)) return false;
        return TryCreate(domain, path, out id, out broken);
    }

    /// <summary>Joins a trust domain and a path such as <c>/web</c>; an empty path names the trust domain.</summary>
    public static bool TryCreate(TrustDomain trustDomain, ReadOnlySpan<char> path, [NotNullWhen(true)] out SpiffeId? id, out SpiffeIdRule broken)
    {
        ArgumentNullException.ThrowIfNull(trustDomain);
        id = null;
        if (Scheme.Length + trustDomain.Name.Length + path.Length > MaxLength) return Fail(SpiffeIdRule.TooLong, out broken);
        broken = CheckPath(path);
        if (broken != SpiffeIdRule.None) return false;
        id = new SpiffeId(trustDomain, path.ToString());
        return true;
    }

    /// <summary>Reads an ID that is known to be good.</summary>
    /// <exception cref="FormatException">The text breaks a rule.</exception>
    public static SpiffeId Parse(string text) =>
        TryParse(text, out SpiffeId? id, out SpiffeIdRule broken) ? id : throw new FormatException($"not a SPIFFE ID ({broken}): '{text}'");

    public bool Equals(SpiffeId? other) => other is not null && string.Equals(_text, other._text, StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as SpiffeId);

    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => _text;

    internal static SpiffeId OfTrustDomain(TrustDomain trustDomain) => new(trustDomain, "");

    private static SpiffeIdRule CheckPath(ReadOnlySpan<char> path)
    {
        if (path.IsEmpty) return SpiffeIdRule.None;
        if (path[0] != '/') return SpiffeIdRule.PathNotRooted;
        if (path[^1] == '/') return SpiffeIdRule.PathTrailingSlash;

        foreach (Range range in path[1..].Split('/'))
        {
            ReadOnlySpan<char> segment = path[1..][range];
            if (segment.IsEmpty) return SpiffeIdRule.PathSegmentEmpty;
            if (segment is "." or "..") return SpiffeIdRule.PathSegmentRelative;
            foreach (char c in segment)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_')) return SpiffeIdRule.PathCharacter;
            }
        }

        return SpiffeIdRule.None;
    }

    private static bool Fail(SpiffeIdRule rule, out SpiffeIdRule broken)
    {
        broken = rule;
        return false;
    }
}
