using System.Collections.Immutable;
using Spiffe.Agent.Audit.Crypto;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Audit.Notes;

/// <summary>Signs notes under a name. Its private key is zeroed when this is disposed. Safe from many threads.</summary>
public sealed class NoteSigner : IDisposable
{
    private readonly Ed25519PrivateKey _key;

    /// <param name="name">What verifiers know the key by; of a log, its origin.</param>
    /// <param name="seed">The private key, 32 bytes; still the caller's to dispose.</param>
    /// <exception cref="ArgumentException">The name is not one, or the seed has another size.</exception>
    public NoteSigner(string name, SecretBytes seed)
    {
        ArgumentNullException.ThrowIfNull(seed);
        _key = new Ed25519PrivateKey(seed);
        VerifierKey = new NoteVerifierKey(name, SignatureKind.Ed25519, _key.PublicKey);
    }

    /// <summary>What others need in order to verify.</summary>
    public NoteVerifierKey VerifierKey { get; }

    /// <summary>A new private key, from the system's generator.</summary>
    public static SecretBytes NewSeed() => Ed25519PrivateKey.NewSeed();

    /// <summary>The text with this one signature under it.</summary>
    public SignedNote Sign(ReadOnlySpan<byte> text) =>
        new(text, [new NoteSignature(VerifierKey.Name, VerifierKey.Id, ImmutableArray.Create(_key.Sign(text)))]);

    /// <summary>The bare signature of something that is not a note.</summary>
    internal byte[] SignBytes(ReadOnlySpan<byte> message) => _key.Sign(message);

    public void Dispose() => _key.Dispose();

    public override string ToString() => VerifierKey.ToString();
}
