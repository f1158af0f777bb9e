namespace Spiffe.Agent.Authority.Revocation;

/// <summary>Why a certificate is dead, as a revocation list says it; the numbers are the standard's (RFC 5280 §5.3.1, CRLReason).</summary>
public enum CertificateRevocationReason
{
    /// <summary>Nothing is said; the list leaves the reason out, as §5.3.1 wants it.</summary>
    Unspecified = 0,

    /// <summary>The private key may be known to others.</summary>
    KeyCompromise = 1,

    /// <summary>Another certificate took its place.</summary>
    Superseded = 4,

    /// <summary>What it was made for has ended.</summary>
    CessationOfOperation = 5,

    /// <summary>On hold; here always on the way to another reason, never back to life.</summary>
    CertificateHold = 6,

    /// <summary>Its right was taken away.</summary>
    PrivilegeWithdrawn = 9,
}
