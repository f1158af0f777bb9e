using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace Spiffe.Agent.Audit.Records;

/// <summary>Stands in the log for a free text: the text and its salt are kept apart, and can be erased while the log stays whole.</summary>
/// <remarks>
/// HMAC-SHA-256 of the text under a salt of 32 random bytes. Who has salt and text can show that just this text was meant; who has neither learns
/// nothing, not even by guessing short texts, and not whether two texts are the same.
/// </remarks>
public static class Commitment
{
    /// <summary>Of the salt, in bytes: what HMAC-SHA-256 needs to hide as well as it binds.</summary>
    public const int SaltLength = 32;

    /// <summary>Longest text, in bytes of UTF-8. Ours: what an entry could hold, too.</summary>
    public const int MaxTextLength = 65_535;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Commits to a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="body">Salt and text: what is kept apart.</param>
    /// <returns>The digest that goes into the log, in base64url.</returns>
    /// <exception cref="ArgumentException">The text is longer than <see cref="MaxTextLength"/>, or not valid Unicode.</exception>
    public static string To(string text, out byte[] body)
    {
        ArgumentNullException.ThrowIfNull(text);
        body = Salted(Strict.GetByteCount(text));
        Strict.GetBytes(text, body.AsSpan(SaltLength));
        return DigestOf(body);
    }

    /// <summary>Commits to a text that is UTF-8 already.</summary>
    /// <inheritdoc cref="To(string, out byte[])"/>
    public static string To(ReadOnlySpan<byte> text, out byte[] body)
    {
        if (!Utf8.IsValid(text)) throw new ArgumentException("not valid Unicode", nameof(text));
        body = Salted(text.Length);
        text.CopyTo(body.AsSpan(SaltLength));
        return DigestOf(body);
    }

    /// <summary>The text that a body shows to be the one committed to; null: it is another.</summary>
    public static string? Open(string digest, ReadOnlySpan<byte> body) =>
        body.Length >= SaltLength && body.Length <= SaltLength + MaxTextLength && string.Equals(DigestOf(body), digest, StringComparison.Ordinal) ? Encoding.UTF8.GetString(body[SaltLength..]) : null;

    private static byte[] Salted(int textLength)
    {
        if (textLength > MaxTextLength) throw new ArgumentException($"a text has at most {MaxTextLength} bytes", nameof(textLength));
        byte[] body = new byte[SaltLength + textLength];
        RandomNumberGenerator.Fill(body.AsSpan(0, SaltLength));
        return body;
    }

    private static string DigestOf(ReadOnlySpan<byte> body)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        HMACSHA256.HashData(body[..SaltLength], body[SaltLength..], digest);
        return Base64Url.EncodeToString(digest);
    }
}
