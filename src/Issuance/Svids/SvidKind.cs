namespace Spiffe.Agent.Issuance.Svids;

/// <summary>The kinds of SVID.</summary>
public enum SvidKind
{
    /// <summary>A certificate and its key.</summary>
    X509,

    /// <summary>A bearer token for named audiences.</summary>
    Jwt,

    /// <summary>A token with a key of its own.</summary>
    Wit,
}
