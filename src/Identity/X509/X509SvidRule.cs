namespace Spiffe.Agent.Identity.X509;

/// <summary>The rule of X509-SVID that a rejected chain broke first.</summary>
public enum X509SvidRule
{
    /// <summary>No rule was broken.</summary>
    None = 0,

    /// <summary>It is not one or more DER certificates, one behind the other.</summary>
    NotCertificates,

    /// <summary>It has more than <see cref="X509SvidValidator.MaxChainLength"/> certificates or more than <see cref="X509SvidValidator.MaxChainBytes"/> bytes.</summary>
    TooLong,

    /// <summary>The leaf has no URI SAN (§2).</summary>
    UriMissing,

    /// <summary>The leaf has more than one URI SAN (§2, §5.2).</summary>
    UriRepeated,

    /// <summary>The leaf's URI SAN is not a SPIFFE ID (§5.2).</summary>
    UriNotSpiffeId,

    /// <summary>The leaf's SPIFFE ID has no path (§3.1, §5.2).</summary>
    LeafWithoutPath,

    /// <summary>The leaf has no subject and its SAN is not critical (§3.1).</summary>
    SanNotCritical,

    /// <summary>The leaf is a CA certificate (§5.2).</summary>
    LeafIsAuthority,

    /// <summary>There is no critical key usage extension (§4.3).</summary>
    KeyUsageMissing,

    /// <summary>The leaf may sign certificates or CRLs, or may not make digital signatures (§4.3, §5.2).</summary>
    LeafKeyUsage,

    /// <summary>The leaf has an extended key usage without both serverAuth and clientAuth (§4.4).</summary>
    ExtendedKeyUsage,

    /// <summary>A signer in the chain is not a CA with keyCertSign (§3.2, §4.1, §4.3).</summary>
    SignerNotAuthority,

    /// <summary>A signer has a SPIFFE ID with a path, or more than one URI SAN (§2, §3.2).</summary>
    SignerId,

    /// <summary>There is no bundle for the trust domain of the leaf's ID.</summary>
    TrustDomainUnknown,

    /// <summary>A certificate of the path is not valid now.</summary>
    Expired,

    /// <summary>RFC 5280 path validation against the bundle failed (§5.1).</summary>
    PathInvalid,
}
