namespace Spiffe.Agent.Authority;

/// <summary>What a signing key signs; none signs two kinds.</summary>
public enum SigningKeyUse
{
    /// <summary>X.509-SVIDs.</summary>
    X509,

    /// <summary>JWT-SVIDs.</summary>
    Jwt,

    /// <summary>WIT-SVIDs.</summary>
    Wit,
}
