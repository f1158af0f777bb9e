using System.Buffers.Binary;
using Spiffe.Agent.Audit.Crypto;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Tests.Unit.Audit.Notes;

/// <summary>A witness that cosigns whatever it is given. A true one would ask for a consistency proof first.</summary>
internal sealed class Witness : IDisposable
{
    private readonly Ed25519PrivateKey _key;

    public Witness(string name)
    {
        using SecretBytes seed = Ed25519PrivateKey.NewSeed();
        _key = new Ed25519PrivateKey(seed);
        Key = new NoteVerifierKey(name, SignatureKind.Cosignature, _key.PublicKey);
    }

    public NoteVerifierKey Key { get; }

    public SignedNote Cosign(SignedNote note, long time)
    {
        byte[] value = new byte[8 + 64];
        BinaryPrimitives.WriteInt64BigEndian(value, time);
        _key.Sign(NoteVerifierKey.CosignedMessage(time, note.Text)).CopyTo(value, 8);
        return note.With(new NoteSignature(Key.Name, Key.Id, [.. value]));
    }

    public void Dispose() => _key.Dispose();
}
