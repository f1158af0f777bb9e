using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Spiffe.Agent.Authority.Keys;
using Spiffe.Agent.Identity.Jwt;

namespace Spiffe.Agent.Authority.Tokens;

/// <summary>Writes claims and signs them: JWS compact serialization (RFC 7515 §7.1). Each thread keeps one buffer, cleared after each token.</summary>
internal static class TokenWriter
{
    private const int TypicalLength = 512;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? t_json;

    /// <summary>Writes claims with <paramref name="write"/> and gives back the token and the claims' JSON.</summary>
    /// <exception cref="ArgumentException">The extra claims are reserved, repeated or no JSON, or the token would be longer than any validator reads.</exception>
    public static (string Token, byte[] Claims) Sign<TState>(TokenIssuer issuer, TState state, IReadOnlyList<ExtraClaim> extra, Action<Utf8JsonWriter, TState> write)
    {
        ArrayBufferWriter<byte> buffer = t_buffer ??= new ArrayBufferWriter<byte>(TypicalLength);
        Utf8JsonWriter json = t_json ??= new Utf8JsonWriter(buffer, Options);
        try
        {
            json.WriteStartObject();
            write(json, state);
            foreach (ExtraClaim claim in extra) Write(json, claim);
            json.WriteEndObject();
            json.Flush();
            byte[] claims = buffer.WrittenSpan.ToArray();
            if (extra.Count > 0) ThrowIfAmbiguous(claims);
            return (Sign(issuer, claims), claims);
        }
        finally
        {
            buffer.Clear();
            json.Reset();
        }
    }

    private static void Write(Utf8JsonWriter json, ExtraClaim claim)
    {
        ArgumentException.ThrowIfNullOrEmpty(claim.Name, nameof(claim));
        if (ExtraClaim.ReservedNames.Contains(claim.Name, StringComparer.Ordinal)) throw new ArgumentException($"'{claim.Name}' is the authority's to write", nameof(claim));
        json.WritePropertyName(claim.Name);
        try
        {
            json.WriteRawValue(claim.Json.Span);
        }
        catch (JsonException e)
        {
            throw new ArgumentException($"claim '{claim.Name}' is not JSON", nameof(claim), e);
        }
    }

    // What our own validator would refuse must not be signed.
    private static void ThrowIfAmbiguous(byte[] claims)
    {
        if (!StrictJson.TryParseObject(claims, out JsonDocument? document)) throw new ArgumentException("the claims repeat a name or nest too deep");
        document.Dispose();
    }

    private static string Sign(TokenIssuer issuer, ReadOnlySpan<byte> claims)
    {
        int inputLength = issuer.EncodedHeader.Length + 1 + Base64Url.GetEncodedLength(claims.Length);
        int longest = inputLength + 1 + Base64Url.GetEncodedLength(SigningKey.MaxSignatureLength);
        if (longest > CompactJws.MaxLength) throw new ArgumentException($"the token would be longer than {CompactJws.MaxLength} characters");

        byte[] buffer = ArrayPool<byte>.Shared.Rent(longest);
        try
        {
            issuer.EncodedHeader.CopyTo(buffer, 0);
            buffer[issuer.EncodedHeader.Length] = (byte)'.';
            Base64Url.EncodeToUtf8(claims, buffer.AsSpan(issuer.EncodedHeader.Length + 1));
            Span<byte> signature = stackalloc byte[SigningKey.MaxSignatureLength];
            int length = issuer.Key.Sign(buffer.AsSpan(0, inputLength), signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            buffer[inputLength] = (byte)'.';
            int written = Base64Url.EncodeToUtf8(signature[..length], buffer.AsSpan(inputLength + 1));
            return Encoding.ASCII.GetString(buffer, 0, inputLength + 1 + written);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }
}
