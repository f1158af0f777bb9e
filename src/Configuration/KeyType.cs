namespace Spiffe.Agent.Configuration;

/// <summary>The kinds of key that may be asked for.</summary>
public enum KeyType
{
    /// <summary><c>ec-p256</c>: ECDSA on P-256.</summary>
    EcP256,

    /// <summary><c>ec-p384</c>: ECDSA on P-384.</summary>
    EcP384,

    /// <summary><c>rsa-2048</c>: RSA of 2048 bits.</summary>
    Rsa2048,
}
