using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Spiffe.Agent.Audit.Notes;

/// <summary>One line under a note: who claims to have signed it, and with what. Nothing of it is verified yet.</summary>
/// <param name="Name">The key's name.</param>
/// <param name="KeyId">The key's id.</param>
/// <param name="Value">What follows the id; its form is the key's kind's.</param>
public sealed record NoteSignature(string Name, uint KeyId, ImmutableArray<byte> Value)
{
    private const string Dash = "\u2014 ";

    /// <summary>The line, without its newline.</summary>
    public override string ToString()
    {
        byte[] bytes = new byte[4 + Value.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, KeyId);
        Value.CopyTo(bytes, 4);
        return $"{Dash}{Name} {Convert.ToBase64String(bytes)}";
    }

    /// <summary>Reads what <see cref="ToString"/> writes, and nothing else.</summary>
    internal static bool TryParse(ReadOnlySpan<char> line, [NotNullWhen(true)] out NoteSignature? signature)
    {
        signature = null;
        if (!line.StartsWith(Dash, StringComparison.Ordinal)) return false;
        ReadOnlySpan<char> rest = line[Dash.Length..];
        int space = rest.IndexOf(' ');
        if (space < 0 || !KeyName.IsValid(rest[..space])) return false;
        byte[] bytes = new byte[rest.Length];
        if (!Convert.TryFromBase64Chars(rest[(space + 1)..], bytes, out int written) || written <= 4) return false;
        signature = new NoteSignature(rest[..space].ToString(), BinaryPrimitives.ReadUInt32BigEndian(bytes), [.. bytes.AsSpan(4, written - 4)]);
        if (line.SequenceEqual(signature.ToString())) return true; // One way to write a signature: no blanks, no bits left over.
        signature = null;
        return false;
    }
}
