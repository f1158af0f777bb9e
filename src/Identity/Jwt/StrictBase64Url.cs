using System.Buffers;
using System.Buffers.Text;

namespace Spiffe.Agent.Identity.Jwt;

/// <summary>Base64url as JOSE means it (RFC 7515 §2): no padding, no white space, one spelling for each value.</summary>
internal static class StrictBase64Url
{
    private static readonly SearchValues<byte> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);

    /// <summary>Decodes into <paramref name="destination"/>. An empty text is an empty value.</summary>
    /// <remarks>The platform's decoder skips white space and takes padding, so the alphabet is checked first; it refuses trailing bits itself.</remarks>
    public static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> destination, out int written)
    {
        written = 0;
        if (text.Length % 4 == 1 || text.ContainsAnyExcept(Alphabet)) return false;
        return Base64Url.DecodeFromUtf8(text, destination, out int read, out written) == OperationStatus.Done && read == text.Length;
    }

    /// <summary>Decodes a member of a JWK; <see langword="null"/> when it is not base64url.</summary>
    public static byte[]? Decode(string? text)
    {
        if (text is null) return null;
        byte[] ascii = new byte[text.Length];
        if (System.Text.Ascii.FromUtf16(text, ascii, out _) != OperationStatus.Done) return null;
        byte[] value = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (!TryDecode(ascii, value, out int written)) return null;
        return written == value.Length ? value : value[..written];
    }
}
