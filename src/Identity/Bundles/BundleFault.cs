namespace Spiffe.Agent.Identity.Bundles;

/// <summary>Why a SPIFFE bundle document was refused as a whole. Keys of unknown kind or use are no fault: they are ignored.</summary>
public enum BundleFault
{
    /// <summary>Nothing is wrong.</summary>
    None = 0,

    /// <summary>It is longer than <see cref="BundleReader.MaxLength"/> bytes.</summary>
    TooLong,

    /// <summary>It is not a JSON object in UTF-8, or a name occurs twice (Trust Domain and Bundle §6.3).</summary>
    NotJson,

    /// <summary><c>keys</c> is absent or not an array of objects (§4.1.3).</summary>
    KeysMissing,

    /// <summary><c>spiffe_sequence</c> is not an integer of 64 bits (§4.1.1).</summary>
    Sequence,

    /// <summary><c>spiffe_refresh_hint</c> is not an integer number of seconds (§4.1.2).</summary>
    RefreshHint,

    /// <summary>There are more than <see cref="TrustBundle.MaxKeys"/> keys of one kind.</summary>
    TooManyKeys,

    /// <summary>A key shows its private part: whoever reads the bundle can sign.</summary>
    PrivateKey,

    /// <summary>A <c>jwt-svid</c> or <c>wit-svid</c> key is malformed, too small, or on an unknown curve.</summary>
    KeyMalformed,

    /// <summary>A <c>jwt-svid</c> or <c>wit-svid</c> key has no <c>kid</c> (JWT-SVID §6.1, WIT-SVID §6.1).</summary>
    KeyIdMissing,

    /// <summary>Two token keys share a <c>kid</c> (WIT-SVID §6.1).</summary>
    KeyIdRepeated,

    /// <summary>The first <c>x5c</c> value is not one DER certificate of a CA (X509-SVID §6.1).</summary>
    CertificateMalformed,

    /// <summary>The certificate's key is not the one that the JWK shows (RFC 7517 §4.7).</summary>
    CertificateMismatch,
}
