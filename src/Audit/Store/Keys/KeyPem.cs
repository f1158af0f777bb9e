using System.Buffers;
using System.Buffers.Text;
using Spiffe.Agent.Audit.Crypto;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Audit.Store.Keys;

/// <summary>The one way to write a private Ed25519 key: PKCS #8 (RFC 8410 §7) in PEM (RFC 7468 §10), as openssl writes it too. No copy of it is left in memory.</summary>
internal static class KeyPem
{
    private const int DerLength = 16 + Ed25519.SeedLength;
    private const int TextLength = DerLength / 3 * 4;

    /// <summary>Of the whole file, in bytes.</summary>
    public static int Length => Begin.Length + TextLength + End.Length;

    private static ReadOnlySpan<byte> Begin => "-----BEGIN PRIVATE KEY-----\n"u8;

    private static ReadOnlySpan<byte> End => "\n-----END PRIVATE KEY-----\n"u8;

    // SEQUENCE { INTEGER 0, SEQUENCE { OID 1.3.101.112 }, OCTET STRING { OCTET STRING of 32 } }
    private static ReadOnlySpan<byte> Prefix => [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

    public static SecretBytes Write(SecretBytes seed)
    {
        using SecretBytes der = SecretBytes.Create(DerLength, seed, static (bytes, from) =>
        {
            Prefix.CopyTo(bytes);
            from.CopyTo(bytes[Prefix.Length..]);
        });
        return SecretBytes.Create(Length, der, static (bytes, from) =>
        {
            Begin.CopyTo(bytes);
            from.CopyTo(bytes[Begin.Length..]);
            Base64.EncodeToUtf8InPlace(bytes.Slice(Begin.Length, TextLength), DerLength, out _);
            End.CopyTo(bytes[(Begin.Length + TextLength)..]);
        });
    }

    /// <summary>The seed; null: it is not what <see cref="Write"/> writes. The caller zeroes the text.</summary>
    public static SecretBytes? Read(ReadOnlySpan<byte> pem)
    {
        if (pem.Length != Length || !pem.StartsWith(Begin) || !pem.EndsWith(End)) return null;
        using SecretBytes der = SecretBytes.CopyOf(pem.Slice(Begin.Length, TextLength));
        SecretBytes? seed = null;
        bool isKey = false;
        using SecretBytes work = SecretBytes.Create(TextLength, der, (bytes, from) =>
        {
            from.CopyTo(bytes);
            isKey = Base64.DecodeFromUtf8InPlace(bytes, out int written) == OperationStatus.Done && written == DerLength && bytes.StartsWith(Prefix);
            if (isKey) seed = SecretBytes.CopyOf(bytes.Slice(Prefix.Length, Ed25519.SeedLength));
        });
        return seed;
    }
}
