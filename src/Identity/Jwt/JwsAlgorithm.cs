namespace Spiffe.Agent.Identity.Jwt;

/// <summary>The signature algorithms that an SVID may be signed with; there are no others. JWT-SVID §2.1, WIT-SVID §2.3.</summary>
public enum JwsAlgorithm
{
    /// <summary>RSASSA-PKCS1-v1_5 using SHA-256.</summary>
    RS256,

    /// <summary>RSASSA-PKCS1-v1_5 using SHA-384.</summary>
    RS384,

    /// <summary>RSASSA-PKCS1-v1_5 using SHA-512.</summary>
    RS512,

    /// <summary>ECDSA using P-256 and SHA-256.</summary>
    ES256,

    /// <summary>ECDSA using P-384 and SHA-384.</summary>
    ES384,

    /// <summary>ECDSA using P-521 and SHA-512.</summary>
    ES512,

    /// <summary>RSASSA-PSS using SHA-256 and MGF1 with SHA-256.</summary>
    PS256,

    /// <summary>RSASSA-PSS using SHA-384 and MGF1 with SHA-384.</summary>
    PS384,

    /// <summary>RSASSA-PSS using SHA-512 and MGF1 with SHA-512.</summary>
    PS512,
}
