using System.Security.Cryptography;
using Spiffe.Agent.Identity.Jwt;

namespace Spiffe.Agent.Authority.Keys;

/// <summary>What goes with each kind of key.</summary>
internal static class KeyTypes
{
    public static JwsAlgorithm Algorithm(this KeyType type) => type switch
    {
        KeyType.Ec256 => JwsAlgorithm.ES256,
        KeyType.Ec384 => JwsAlgorithm.ES384,
        KeyType.Rsa2048 => JwsAlgorithm.RS256,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    public static EcCurve? Curve(this KeyType type) => type switch
    {
        KeyType.Ec256 => EcCurve.P256,
        KeyType.Ec384 => EcCurve.P384,
        _ => null,
    };

    public static HashAlgorithmName Hash(this KeyType type) => type.Algorithm().Hash();

    /// <summary>The AlgorithmIdentifier of its signatures in certificates, DER (RFC 5758 §3.2, RFC 4055 §5).</summary>
    public static ReadOnlySpan<byte> CertificateAlgorithm(this KeyType type) => type switch
    {
        KeyType.Ec256 => [0x30, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02],
        KeyType.Ec384 => [0x30, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x03],
        KeyType.Rsa2048 => [0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B, 0x05, 0x00],
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };
}
