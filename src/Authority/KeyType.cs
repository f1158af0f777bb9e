namespace Spiffe.Agent.Authority;

/// <summary>The kinds of key that are made here, for signing and for workloads.</summary>
public enum KeyType
{
    /// <summary>ECDSA on P-256, signing with SHA-256: <c>ec-p256</c>.</summary>
    Ec256,

    /// <summary>ECDSA on P-384, signing with SHA-384: <c>ec-p384</c>.</summary>
    Ec384,

    /// <summary>RSA with 2048 bits, signing with PKCS#1 v1.5 and SHA-256: <c>rsa-2048</c>.</summary>
    Rsa2048,
}
