using System.Buffers;
using System.Buffers.Text;
using Spiffe.Agent.Audit.Merkle;

namespace Spiffe.Agent.Audit.Records;

/// <summary>How hashes are written in records: base64url without padding, as the house's other digests are.</summary>
internal static class HashText
{
    public static string Format(TreeHash hash)
    {
        Span<byte> bytes = stackalloc byte[TreeHash.Length];
        hash.CopyTo(bytes);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads what <see cref="Format"/> writes, and nothing else: no bits left over.</summary>
    public static bool TryParse(string text, out TreeHash hash)
    {
        hash = default;
        Span<byte> bytes = stackalloc byte[TreeHash.Length];
        if (Base64Url.DecodeFromChars(text, bytes, out int read, out int written) != OperationStatus.Done || read != text.Length || written != TreeHash.Length) return false;
        hash = new TreeHash(bytes);
        return string.Equals(text, Format(hash), StringComparison.Ordinal);
    }
}
