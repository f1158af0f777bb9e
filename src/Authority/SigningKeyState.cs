namespace Spiffe.Agent.Authority;

/// <summary>Where a signing key is in its life. The bundle holds it in every one of these states.</summary>
public enum SigningKeyState
{
    /// <summary>Published, so that validators learn of it, and not yet used.</summary>
    Prepared,

    /// <summary>Signs.</summary>
    Active,

    /// <summary>
    /// Signs no SVID any more; published until the last one that it signed has expired. The private half of a token key is destroyed; a CA's stays until then for
    /// its revocation list, which no other key can sign.
    /// </summary>
    Old,
}
