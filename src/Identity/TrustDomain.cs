using System.Diagnostics.CodeAnalysis;

namespace Spiffe.Agent.Identity;

/// <summary>The name of a trust domain: 1 to 255 characters of [a-z0-9._-]. SPIFFE-ID §2.1.</summary>
/// <remarks>Names that look like DNS names or IP addresses get no special meaning (§2.1).</remarks>
public sealed class TrustDomain : IEquatable<TrustDomain>
{
    /// <summary>Longest name, in bytes. SPIFFE-ID §2.3.</summary>
    public const int MaxLength = 255;

    private TrustDomain(string name) => Name = name;

    /// <summary>The bare name, such as <c>example.org</c>.</summary>
    public string Name { get; }

    /// <summary>The SPIFFE ID of the trust domain itself, such as <c>spiffe://example.org</c>.</summary>
    public SpiffeId Id => field ??= SpiffeId.OfTrustDomain(this);

    /// <summary>Reads a bare name. Upper case is folded: the authority of a SPIFFE ID is case-insensitive (§2.4).</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out TrustDomain? domain, out SpiffeIdRule broken)
    {
        domain = null;
        broken = Check(text);
        if (broken != SpiffeIdRule.None) return false;
        domain = new TrustDomain(text.ToString().ToLowerInvariant());
        return true;
    }

    /// <summary>Reads a name that is known to be good.</summary>
    /// <exception cref="FormatException">The name breaks a rule.</exception>
    public static TrustDomain Parse(string text) =>
        TryParse(text, out TrustDomain? domain, out SpiffeIdRule broken) ? domain : throw new FormatException($"not a trust domain ({broken}): '{text}'");

    public bool Equals(TrustDomain? other) => other is not null && string.Equals(Name, other.Name, StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as TrustDomain);

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Name;

    private static SpiffeIdRule Check(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty) return SpiffeIdRule.TrustDomainMissing;
        if (text.Length > MaxLength) return SpiffeIdRule.TrustDomainTooLong;
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_')) return SpiffeIdRule.TrustDomainCharacter;
        }

        return SpiffeIdRule.None;
    }
}
