using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Spiffe.Agent.Authority.X509;

/// <summary>Key identifiers of certificates.</summary>
internal static class KeyIdentifiers
{
    public const int Length = 20;

    /// <summary>The leftmost 160 bits of SHA-256 over the public key's bits (RFC 7093 §2, method 1): no SHA-1, as FIPS wants it.</summary>
    public static byte[] Of(ReadOnlySpan<byte> subjectPublicKeyInfo)
    {
        AsnDecoder.ReadSequence(subjectPublicKeyInfo, AsnEncodingRules.DER, out int offset, out int length, out _);
        ReadOnlySpan<byte> content = subjectPublicKeyInfo.Slice(offset, length);
        _ = AsnDecoder.ReadEncodedValue(content, AsnEncodingRules.DER, out _, out _, out int algorithm);
        if (!AsnDecoder.TryReadPrimitiveBitString(content[algorithm..], AsnEncodingRules.DER, out int unused, out ReadOnlySpan<byte> bits, out _) || unused != 0)
        {
            throw new CryptographicException("not a public key");
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bits, hash);
        return hash[..Length].ToArray();
    }
}
