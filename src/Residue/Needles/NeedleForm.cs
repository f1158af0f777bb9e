namespace Spiffe.Agent.Residue.Needles;

/// <summary>The spelling in which a secret was found.</summary>
public enum NeedleForm
{
    /// <summary>A token's signature, as it stands in the token.</summary>
    Token,

    /// <summary>The same, once more in base64: as manifests and headers hold it.</summary>
    TokenInBase64,

    /// <summary>The bytes of a private key, as DER has them: PKCS #8, SEC 1, PKCS #1.</summary>
    Bytes,

    /// <summary>The same from behind, as libraries hold big numbers in memory.</summary>
    BytesReversed,

    /// <summary>In hexadecimal digits, small or capital.</summary>
    Hex,

    /// <summary>In base64 of either alphabet: PEM, JWK, and whatever wraps the key.</summary>
    Base64,
}
