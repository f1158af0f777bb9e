using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Spiffe.Agent.Audit.Notes;

/// <summary>Names and ids of the keys of notes. C2SP signed-note, "Format" and "Signatures".</summary>
internal static class KeyName
{
    /// <summary>Longest name, in characters. Ours; a URL without its scheme is far shorter.</summary>
    public const int MaxLength = 255;

    /// <summary>Not empty, no Unicode spaces, no plus, no control characters.</summary>
    public static bool IsValid(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || name.Length > MaxLength) return false;
        foreach (Rune rune in name.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar || rune.Value == '+' || Rune.IsWhiteSpace(rune) || Rune.IsControl(rune)) return false;
        }

        return true;
    }

    /// <summary>The first four bytes of SHA-256(name ‖ 0x0A ‖ kind ‖ public key): no more than a name, whoever relies on it relies on the key.</summary>
    public static uint IdOf(string name, SignatureKind kind, ReadOnlySpan<byte> publicKey)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData([.. Encoding.UTF8.GetBytes(name), (byte)'\n', (byte)kind, .. publicKey], hash);
        return BinaryPrimitives.ReadUInt32BigEndian(hash);
    }
}
