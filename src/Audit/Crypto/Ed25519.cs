namespace Spiffe.Agent.Audit.Crypto;

/// <summary>Ed25519 as RFC 8032 has it: the sizes, and verifying.</summary>
internal static unsafe class Ed25519
{
    /// <summary>Of a private key ("seed"), in bytes. RFC 8032 §5.1.5.</summary>
    public const int SeedLength = 32;

    /// <summary>Of a public key, in bytes.</summary>
    public const int PublicKeyLength = 32;

    /// <summary>Of a signature, in bytes.</summary>
    public const int SignatureLength = 64;

    /// <summary>Whether the signature is this key's over this message. False, too, for a key or signature of another size. RFC 8032 §5.1.7.</summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (publicKey.Length != PublicKeyLength || signature.Length != SignatureLength) return false;
        fixed (byte* key = publicKey, text = message, value = signature)
        {
            using EvpKey handle = LibCrypto.NewPublicKey(LibCrypto.Ed25519, 0, key, PublicKeyLength);
            using EvpContext context = LibCrypto.NewContext();
            bool verified = !handle.IsInvalid && !context.IsInvalid
                && LibCrypto.VerifyInit(context, 0, 0, 0, handle) == 1
                && LibCrypto.Verify(context, value, SignatureLength, text, (nuint)message.Length) == 1;
            LibCrypto.ClearErrors();
            return verified;
        }
    }
}
