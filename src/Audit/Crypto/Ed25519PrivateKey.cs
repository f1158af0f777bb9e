using System.Collections.Immutable;
using System.Security.Cryptography;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Audit.Crypto;

/// <summary>A private Ed25519 key in libcrypto's hands, which zeroes it when this is disposed. Signing is safe from many threads.</summary>
internal sealed unsafe class Ed25519PrivateKey : IDisposable
{
    private readonly EvpKey _key;

    /// <param name="seed">Its 32 bytes; still the caller's to dispose.</param>
    /// <exception cref="ArgumentException">The seed has another size.</exception>
    /// <exception cref="CryptographicException">libcrypto refuses, for instance because its policy does not allow Ed25519.</exception>
    public Ed25519PrivateKey(SecretBytes seed)
    {
        if (seed.Length != Ed25519.SeedLength) throw new ArgumentException($"a seed has {Ed25519.SeedLength} bytes", nameof(seed));
        _key = seed.Reveal(bytes =>
        {
            fixed (byte* key = bytes) return LibCrypto.NewPrivateKey(LibCrypto.Ed25519, 0, key, Ed25519.SeedLength);
        });
        Span<byte> publicKey = stackalloc byte[Ed25519.PublicKeyLength];
        nuint length = Ed25519.PublicKeyLength;
        fixed (byte* destination = publicKey)
        {
            Require(!_key.IsInvalid && LibCrypto.GetPublicKey(_key, destination, ref length) == 1 && length == Ed25519.PublicKeyLength);
        }

        PublicKey = [.. publicKey];
    }

    public ImmutableArray<byte> PublicKey { get; }

    /// <summary>A new seed, from the system's generator.</summary>
    public static SecretBytes NewSeed() => SecretBytes.Create(Ed25519.SeedLength, 0, static (bytes, _) => RandomNumberGenerator.Fill(bytes));

    /// <summary>64 bytes; the same for the same message, as Ed25519 has no randomness of its own. RFC 8032 §5.1.6.</summary>
    public byte[] Sign(ReadOnlySpan<byte> message)
    {
        byte[] signature = new byte[Ed25519.SignatureLength];
        nuint length = Ed25519.SignatureLength;
        using EvpContext context = LibCrypto.NewContext();
        fixed (byte* text = message, value = signature)
        {
            Require(!context.IsInvalid && LibCrypto.SignInit(context, 0, 0, 0, _key) == 1
                && LibCrypto.Sign(context, value, ref length, text, (nuint)message.Length) == 1 && length == Ed25519.SignatureLength);
        }

        return signature;
    }

    public void Dispose() => _key.Dispose();

    public override string ToString() => "[redacted]";

    private static void Require(bool done)
    {
        LibCrypto.ClearErrors();
        if (!done) throw new CryptographicException("libcrypto does not do Ed25519 here");
    }
}
