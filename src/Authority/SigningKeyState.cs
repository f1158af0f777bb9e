namespace Spiffe.Agent.Authority;

/// <summary>Where a signing key is in its life. The bundle holds it in every one of these states.</summary>
public enum SigningKeyState
{
    /// <summary>Published, so that validators learn of it, and not yet used.</summary>
    Prepared,

    /// <summary>Signs.</summary>
    Active,

    /// <summary>Signs no more, its private half is destroyed; published until the last SVID that it signed has expired.</summary>
    Old,
}
