using System.Buffers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Encodings.Web;
using System.Text.Json;
using Spiffe.Agent.Identity.Jwt;

namespace Spiffe.Agent.Identity.Bundles;

/// <summary>The encodings of a bundle.</summary>
internal static class BundleWriter
{
    public const string X509Use = "x509-svid";
    public const string JwtUse = "jwt-svid";
    public const string WitUse = "wit-svid";

    // The output is JSON for a parser, never HTML: "+" and "/" of base64 stay as they are.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> ConcatenatedDer(ReadOnlyMemory<byte>[] certificates)
    {
        byte[] all = new byte[certificates.Sum(c => c.Length)];
        int at = 0;
        foreach (ReadOnlyMemory<byte> certificate in certificates)
        {
            certificate.CopyTo(all.AsMemory(at));
            at += certificate.Length;
        }

        return all;
    }

    public static ReadOnlyMemory<byte> KeySet(JwsPublicKey[] keys, string use)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteStartArray("keys"u8);
            foreach (JwsPublicKey key in keys) WriteTokenKey(json, key, use);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    // Trust Domain and Bundle §4.1
    public static ReadOnlyMemory<byte> Document(TrustBundle bundle)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteStartArray("keys"u8);
            foreach (ReadOnlyMemory<byte> authority in bundle.X509Authorities) WriteAuthority(json, authority);
            foreach (JwsPublicKey key in bundle.JwtKeys) WriteTokenKey(json, key, JwtUse);
            foreach (JwsPublicKey key in bundle.WitKeys) WriteTokenKey(json, key, WitUse);
            json.WriteEndArray();
            if (bundle.Sequence is { } sequence) json.WriteNumber("spiffe_sequence"u8, sequence);
            if (bundle.RefreshHint is { } hint) json.WriteNumber("spiffe_refresh_hint"u8, (long)hint.TotalSeconds);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    // X509-SVID §6.1: use and one x5c value, no kid.
    private static void WriteAuthority(Utf8JsonWriter json, ReadOnlyMemory<byte> der)
    {
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(der.Span);
        json.WriteStartObject();
        JwkWriter.WriteParameters(json, CertificateKey.Of(certificate) ?? throw new CryptographicException("an authority's key is neither EC nor RSA"));
        json.WriteString("use"u8, X509Use);
        json.WriteStartArray("x5c"u8);
        json.WriteBase64StringValue(der.Span);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    // JWT-SVID §6.1, WIT-SVID §6.1: use and kid.
    private static void WriteTokenKey(Utf8JsonWriter json, JwsPublicKey key, string use)
    {
        json.WriteStartObject();
        JwkWriter.WriteParameters(json, key);
        json.WriteString("kid"u8, key.KeyId);
        json.WriteString("use"u8, use);
        json.WriteEndObject();
    }
}
