namespace Spiffe.Agent.Identity.Jwt;

/// <summary>The rule of JWT-SVID or WIT-SVID that a rejected token broke first.</summary>
public enum TokenRule
{
    /// <summary>No rule was broken.</summary>
    None = 0,

    /// <summary>It is longer than 16 KiB.</summary>
    TooLong,

    /// <summary>It is not a JWS in compact serialization: three parts of strict base64url (JWT-SVID §5.1).</summary>
    NotCompact,

    /// <summary>The header is not a JSON object with text members, or a name occurs twice.</summary>
    HeaderMalformed,

    /// <summary><c>alg</c> is absent or none of the nine (JWT-SVID §2.1, WIT-SVID §2.3).</summary>
    AlgorithmNotAllowed,

    /// <summary><c>crit</c> asks for an extension; none is understood (RFC 7515 §4.1.11).</summary>
    CriticalHeader,

    /// <summary>The header has a member besides <c>alg</c>, <c>kid</c> and <c>typ</c> (JWT-SVID §2).</summary>
    HeaderNotAllowed,

    /// <summary><c>typ</c> is not what this kind of token carries (JWT-SVID §2.3, WIT-SVID §2.2).</summary>
    TypeNotAllowed,

    /// <summary>There is no <c>kid</c> where one is required (WIT-SVID §2.1).</summary>
    KeyIdMissing,

    /// <summary>The claims are not a JSON object, a name occurs twice, or a registered claim has the wrong type.</summary>
    ClaimsMalformed,

    /// <summary><c>sub</c> is absent or not a SPIFFE ID (JWT-SVID §3.1, WIT-SVID §3.1).</summary>
    SubjectNotSpiffeId,

    /// <summary><c>sub</c> names a trust domain, not a workload.</summary>
    SubjectWithoutPath,

    /// <summary>There is no <c>aud</c>, or it is empty (JWT-SVID §3.2).</summary>
    AudienceMissing,

    /// <summary><c>aud</c> does not hold the validator's own value (JWT-SVID §3.2).</summary>
    AudienceMismatch,

    /// <summary><c>aud</c> is present in a WIT-SVID (WIT-SVID §3.8).</summary>
    AudienceForbidden,

    /// <summary>There is no <c>exp</c> (JWT-SVID §3.3, WIT-SVID §3.4).</summary>
    ExpiryMissing,

    /// <summary><c>exp</c> is in the past (JWT-SVID §3.3, WIT-SVID §3.4).</summary>
    Expired,

    /// <summary><c>nbf</c> is in the future (RFC 7519 §4.1.5, WIT-SVID §3.5).</summary>
    NotYetValid,

    /// <summary><c>iat</c> of a JWT-SVID is in the future.</summary>
    IssuedInFuture,

    /// <summary>There is no <c>cnf</c>, or its key is absent, malformed, private, or without a permitted <c>alg</c> (WIT-SVID §3.2).</summary>
    ConfirmationKey,

    /// <summary>There is no bundle for the trust domain of <c>sub</c> (Workload API §6.3).</summary>
    TrustDomainUnknown,

    /// <summary>The bundle of that trust domain has no key by this <c>kid</c>, or none that could have signed with this <c>alg</c>.</summary>
    KeyUnknown,

    /// <summary>The key of that name cannot sign with this <c>alg</c>: the algorithm was swapped.</summary>
    AlgorithmMismatch,

    /// <summary>The signature does not hold.</summary>
    SignatureInvalid,
}
