namespace Spiffe.Agent.Identity;

/// <summary>The rule of SPIFFE-ID §2 that a rejected text broke first.</summary>
public enum SpiffeIdRule
{
    /// <summary>No rule was broken.</summary>
    None = 0,

    /// <summary>Nothing was given.</summary>
    Empty,

    /// <summary>The whole ID is longer than <see cref="SpiffeId.MaxLength"/> bytes (§2.3).</summary>
    TooLong,

    /// <summary>The scheme is not <c>spiffe://</c> (§2).</summary>
    SchemeNotSpiffe,

    /// <summary>The trust domain name is empty (§2.1).</summary>
    TrustDomainMissing,

    /// <summary>The trust domain name is longer than <see cref="TrustDomain.MaxLength"/> bytes (§2.3).</summary>
    TrustDomainTooLong,

    /// <summary>A character of the trust domain is outside [a-z0-9._-]; ports and user info fall under this (§2.1).</summary>
    TrustDomainCharacter,

    /// <summary>The path is missing where one is needed.</summary>
    PathMissing,

    /// <summary>The path does not begin with a slash.</summary>
    PathNotRooted,

    /// <summary>A path segment is empty, as in <c>//</c> (§2.2).</summary>
    PathSegmentEmpty,

    /// <summary>A path segment is <c>.</c> or <c>..</c> (§2.2).</summary>
    PathSegmentRelative,

    /// <summary>A character of the path is outside [a-zA-Z0-9._-] and slash; percent signs, queries and fragments fall under this (§2.2).</summary>
    PathCharacter,

    /// <summary>The path ends with a slash (§2.2).</summary>
    PathTrailingSlash,
}
