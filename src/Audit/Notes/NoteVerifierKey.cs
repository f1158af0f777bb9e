using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Spiffe.Agent.Audit.Crypto;

namespace Spiffe.Agent.Audit.Notes;

/// <summary>A public key that notes are verified with, and the name it signs under ("vkey"). C2SP signed-note, "Verifier keys".</summary>
public sealed class NoteVerifierKey
{
    private const int TimestampLength = sizeof(ulong);

    /// <exception cref="ArgumentException">The name is not one, or the key has not 32 bytes.</exception>
    public NoteVerifierKey(string name, SignatureKind kind, ImmutableArray<byte> publicKey)
    {
        if (!KeyName.IsValid(name)) throw new ArgumentException("a key's name is not empty and has no spaces, plus signs or control characters", nameof(name));
        if (publicKey.Length != Ed25519.PublicKeyLength) throw new ArgumentException($"a public key has {Ed25519.PublicKeyLength} bytes", nameof(publicKey));
        Name = name;
        Kind = kind;
        PublicKey = publicKey;
        Id = KeyName.IdOf(name, kind, publicKey.AsSpan());
    }

    public string Name { get; }

    public SignatureKind Kind { get; }

    public uint Id { get; }

    public ImmutableArray<byte> PublicKey { get; }

    /// <summary>Name, id in hexadecimal, and base64 of kind and key, with plus signs between.</summary>
    public override string ToString() => $"{Name}+{Id:x8}+{Convert.ToBase64String([(byte)Kind, .. PublicKey])}";

    /// <param name="text">As <see cref="ToString"/> writes it.</param>
    /// <param name="key">The key, or null.</param>
    /// <param name="fault">What is wrong, or empty.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out NoteVerifierKey? key, out string fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        key = null;
        fault = "";
        string[] parts = text.Split('+', 3); // Base64 has plus signs of its own.
        Span<byte> bytes = stackalloc byte[1 + Ed25519.PublicKeyLength + 1];
        if (parts.Length != 3 || !KeyName.IsValid(parts[0])) fault = "not name+id+key";
        else if (parts[1].Length != 8 || !uint.TryParse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint _)) fault = "the id is not eight hexadecimal digits";
        else if (!Convert.TryFromBase64String(parts[2], bytes, out int written) || written != 1 + Ed25519.PublicKeyLength) fault = "the key is not 33 bytes in base64";
        else if (bytes[0] is not ((byte)SignatureKind.Ed25519 or (byte)SignatureKind.Cosignature)) fault = $"keys of kind 0x{bytes[0]:x2} are not known";
        if (fault.Length > 0) return false;
        NoteVerifierKey read = new(parts[0], (SignatureKind)bytes[0], [.. bytes[1..(1 + Ed25519.PublicKeyLength)]]);
        if (!string.Equals(read.ToString(), text, StringComparison.Ordinal))
        {
            fault = "the id is not that of this name and key, or the text is written another way";
            return false;
        }

        key = read;
        return true;
    }

    /// <summary>Whether a signature claims to be this key's: by name and id, of which others may share either.</summary>
    internal bool Claims(NoteSignature signature) => signature.KeyId == Id && string.Equals(signature.Name, Name, StringComparison.Ordinal);

    /// <summary>Whether the value is this key's signature over the text.</summary>
    /// <param name="text">The text of the note.</param>
    /// <param name="value">The signature as the key's kind writes it.</param>
    /// <param name="cosignedAt">Of a cosignature: when, in seconds since 1970.</param>
    internal bool Verify(ReadOnlySpan<byte> text, ReadOnlySpan<byte> value, out long? cosignedAt)
    {
        cosignedAt = null;
        if (Kind == SignatureKind.Ed25519) return Ed25519.Verify(PublicKey.AsSpan(), text, value);
        if (value.Length != TimestampLength + Ed25519.SignatureLength) return false;
        ulong timestamp = BinaryPrimitives.ReadUInt64BigEndian(value);
        if (timestamp > long.MaxValue) return false;
        if (!Ed25519.Verify(PublicKey.AsSpan(), CosignedMessage((long)timestamp, text), value[TimestampLength..])) return false;
        cosignedAt = (long)timestamp;
        return true;
    }

    /// <summary>What a witness signs. C2SP tlog-cosignature, "Ed25519 signed message".</summary>
    internal static byte[] CosignedMessage(long timestamp, ReadOnlySpan<byte> text) =>
        [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"cosignature/v1\ntime {timestamp}\n")), .. text];
}
