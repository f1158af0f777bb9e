using System.Security.Cryptography;
using Spiffe.Agent.Identity.Jwt;

namespace Spiffe.Agent.Authority.Keys;

/// <summary>A private key that signs, held by OpenSSL and nowhere else: it is made here, never exported, and freed on dispose (OpenSSL clears it).</summary>
/// <remarks>Signing from many threads at once is sound for the reason given at <see cref="JwsPublicKey"/>; <c>EmbeddedAuthorityRotationTests</c> holds it under load.</remarks>
internal sealed class SigningKey : IDisposable
{
    /// <summary>Longest signature: RSA-2048; a P-384 signature in DER needs 104.</summary>
    public const int MaxSignatureLength = 256;

    private const int RsaBits = 2048;

    private readonly ECDsa? _ec;
    private readonly RSA? _rsa;

    public SigningKey(KeyType type)
    {
        Type = type;
        JwsPublicKey? key;
        if (type.Curve() is { } curve)
        {
            _ec = ECDsa.Create(curve.Curve);
            _ = JwsPublicKey.TryCreate(_ec.ExportParameters(includePrivateParameters: false), keyId: null, algorithm: null, out key);
            SubjectPublicKeyInfo = _ec.ExportSubjectPublicKeyInfo();
        }
        else
        {
            _rsa = RSA.Create(RsaBits);
            _ = JwsPublicKey.TryCreate(_rsa.ExportParameters(includePrivateParameters: false), keyId: null, algorithm: null, out key);
            SubjectPublicKeyInfo = _rsa.ExportSubjectPublicKeyInfo();
        }

        PublicKey = key ?? throw new CryptographicException("the platform made a key that it cannot read");
    }

    public KeyType Type { get; }

    /// <summary>The public half; its <c>kid</c> is its thumbprint, so no two keys share one (WIT-SVID §2.1).</summary>
    public JwsPublicKey PublicKey { get; }

    public byte[] SubjectPublicKeyInfo { get; }

    /// <summary>Signs as certificates need it (<see cref="DSASignatureFormat.Rfc3279DerSequence"/>) or as JOSE does; RSA is PKCS#1 v1.5 in both.</summary>
    public int Sign(ReadOnlySpan<byte> data, Span<byte> signature, DSASignatureFormat format)
    {
        bool signed = _ec is not null
            ? _ec.TrySignData(data, signature, Type.Hash(), format, out int written)
            : _rsa!.TrySignData(data, signature, Type.Hash(), RSASignaturePadding.Pkcs1, out written);
        return signed ? written : throw new CryptographicException("the signature is longer than any should be");
    }

    public void Dispose()
    {
        _ec?.Dispose();
        _rsa?.Dispose();
    }
}
