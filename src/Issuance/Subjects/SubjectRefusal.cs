namespace Spiffe.Agent.Issuance.Subjects;

/// <summary>What a refused assertion broke first.</summary>
public enum SubjectRefusal
{
    /// <summary>It was not refused.</summary>
    None = 0,

    /// <summary>It is longer than 16 KiB.</summary>
    TooLong,

    /// <summary>It is not a JWS in compact serialization: three parts of strict base64url (RFC 7515 §3.1).</summary>
    NotCompact,

    /// <summary>The header is not a JSON object with text members, or a name occurs twice.</summary>
    HeaderMalformed,

    /// <summary><c>alg</c> is absent, <c>none</c>, symmetric, unknown, or not one that this issuer may sign with.</summary>
    AlgorithmNotAllowed,

    /// <summary><c>crit</c> or <c>b64</c> asks for an extension; none is understood (RFC 7515 §4.1.11, RFC 7797 §6).</summary>
    CriticalHeader,

    /// <summary><c>typ</c> is neither absent nor <c>JWT</c>, or the token tells of events: it was made for something else (RFC 8725 §3.11, RFC 8417 §2.2).</summary>
    TypeNotAllowed,

    /// <summary>The claims are not a JSON object, a name occurs twice, or a registered claim has the wrong type or length.</summary>
    ClaimsMalformed,

    /// <summary><c>iss</c> is absent or nobody configured it.</summary>
    IssuerUnknown,

    /// <summary><c>iss</c> is configured, and the template does not take it.</summary>
    IssuerNotAccepted,

    /// <summary><c>aud</c> is absent, empty, or without the configured audience.</summary>
    AudienceMismatch,

    /// <summary><c>aud</c> names others besides: each of them could present it here (OpenID Connect Core §3.1.3.7, 3).</summary>
    AudienceShared,

    /// <summary><c>exp</c> or <c>iat</c> is absent, both of which OpenID Connect Core §2 asks for.</summary>
    TimeMissing,

    /// <summary><c>exp</c> is in the past.</summary>
    Expired,

    /// <summary><c>nbf</c> is in the future.</summary>
    NotYetValid,

    /// <summary><c>iat</c> is in the future.</summary>
    IssuedInFuture,

    /// <summary><c>iat</c> is longer ago than the issuer's greatest age.</summary>
    TooOld,

    /// <summary><c>sub</c> is absent, empty, too long or not printable.</summary>
    SubjectMalformed,

    /// <summary>The issuer has no key by this <c>kid</c>, or none that could have signed with this <c>alg</c>.</summary>
    KeyUnknown,

    /// <summary>The key of that name cannot sign with this <c>alg</c>: the algorithm was swapped.</summary>
    AlgorithmMismatch,

    /// <summary>The signature does not hold.</summary>
    SignatureInvalid,

    /// <summary>A claim that is kept is too large, or of a kind that no policy can look at. Leaving it out could lift what a policy forbids.</summary>
    ClaimUnusable,

    /// <summary>It was used before.</summary>
    Replayed,

    /// <summary>As many assertions of this issuer are remembered as there is room for; some expire within its greatest age.</summary>
    MemoryFull,
}
