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

    /// <summary>The same of UTF-8, without memory of its own.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out TreeHash hash)
    {
        hash = default;
        Span<byte> bytes = stackalloc byte[TreeHash.Length], same = stackalloc byte[Base64Url.GetEncodedLength(TreeHash.Length)];
        if (Base64Url.DecodeFromUtf8(utf8, bytes, out int read, out int written) != OperationStatus.Done || read != utf8.Length || written != TreeHash.Length) return false;
        hash = new TreeHash(bytes);
        Base64Url.EncodeToUtf8(bytes, same);
        return utf8.SequenceEqual(same);
    }
}
