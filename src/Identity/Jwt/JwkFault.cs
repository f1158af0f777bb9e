namespace Spiffe.Agent.Identity.Jwt;

/// <summary>Why a JSON Web Key was refused.</summary>
public enum JwkFault
{
    /// <summary>Nothing is wrong.</summary>
    None = 0,

    /// <summary>It is not a JSON object, a name occurs twice, or a member has the wrong type.</summary>
    Malformed,

    /// <summary><c>kty</c> is absent or neither EC nor RSA; in a bundle such a key is ignored (Trust Domain and Bundle §4.2.1).</summary>
    KeyTypeUnknown,

    /// <summary><c>crv</c> is none of P-256, P-384, P-521.</summary>
    CurveUnknown,

    /// <summary>It carries a private or symmetric member where only public ones belong.</summary>
    PrivateMember,

    /// <summary>The coordinates are not of the curve's full size, or not a point on it (RFC 7518 §6.2.1).</summary>
    PointMalformed,

    /// <summary>The modulus or exponent is not a minimal unsigned integer, or even (RFC 7518 §6.3.1).</summary>
    RsaMalformed,

    /// <summary>The modulus is outside <see cref="JwsPublicKey.MinRsaBits"/> to <see cref="JwsPublicKey.MaxRsaBits"/> bits.</summary>
    RsaSize,

    /// <summary><c>alg</c> is not one that this key can sign with.</summary>
    AlgorithmMismatch,
}
