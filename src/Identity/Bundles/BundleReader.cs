using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Spiffe.Agent.Identity.Jwt;

namespace Spiffe.Agent.Identity.Bundles;

/// <summary>Reads a SPIFFE bundle document (Trust Domain and Bundle §4). Unknown kinds are ignored as the standard demands; known kinds must be right.</summary>
public static class BundleReader
{
    /// <summary>Longest document that is read, in bytes. Ours.</summary>
    public const int MaxLength = 1024 * 1024;

    /// <summary>Longest refresh hint that is believed; a longer one is cut. Ours: one year.</summary>
    public static TimeSpan MaxRefreshHint { get; } = TimeSpan.FromDays(365);

    /// <param name="trustDomain">The trust domain that the document was fetched for: it does not say so itself (§3).</param>
    /// <param name="utf8">The document.</param>
    /// <param name="bundle">The bundle, perhaps without any key, which means that nothing of this trust domain is to be trusted (§4.1.3).</param>
    /// <param name="fault">What is wrong with it.</param>
    public static bool TryRead(TrustDomain trustDomain, ReadOnlyMemory<byte> utf8, [NotNullWhen(true)] out TrustBundle? bundle, out BundleFault fault)
    {
        ArgumentNullException.ThrowIfNull(trustDomain);
        bundle = null;
        fault = utf8.Length > MaxLength ? BundleFault.TooLong : BundleFault.NotJson;
        if (utf8.Length > MaxLength || !StrictJson.TryParseObject(utf8, out JsonDocument? document)) return false;
        using (document)
        {
            fault = Read(trustDomain, document.RootElement, out bundle);
            return bundle is not null;
        }
    }

    private static BundleFault Read(TrustDomain trustDomain, JsonElement root, out TrustBundle? bundle)
    {
        bundle = null;
        if (!TryReadSequence(root, out ulong? sequence)) return BundleFault.Sequence;
        if (!TryReadRefreshHint(root, out TimeSpan? hint)) return BundleFault.RefreshHint;
        if (!root.TryGetProperty("keys", out JsonElement keys) || keys.ValueKind != JsonValueKind.Array) return BundleFault.KeysMissing;

        List<ReadOnlyMemory<byte>> authorities = [];
        List<JwsPublicKey> jwt = [];
        List<JwsPublicKey> wit = [];
        HashSet<string> keyIds = new(StringComparer.Ordinal);
        foreach (JsonElement jwk in keys.EnumerateArray())
        {
            if (jwk.ValueKind != JsonValueKind.Object) return BundleFault.KeysMissing;
            if (JwkReader.HasPrivateMember(jwk)) return BundleFault.PrivateKey;
            if (jwk.Text("kty") is not ("EC" or "RSA")) continue; // §4.2.1
            BundleFault fault = jwk.Text("use") switch
            {
                BundleWriter.X509Use => ReadAuthority(jwk, authorities),
                BundleWriter.JwtUse => ReadTokenKey(jwk, jwt, keyIds),
                BundleWriter.WitUse => ReadTokenKey(jwk, wit, keyIds),
                _ => BundleFault.None, // §4.2.2
            };
            if (fault != BundleFault.None) return fault;
        }

        bundle = new TrustBundle(trustDomain, authorities, jwt, wit, sequence, hint);
        return BundleFault.None;
    }

    private static BundleFault ReadTokenKey(JsonElement jwk, List<JwsPublicKey> keys, HashSet<string> keyIds)
    {
        if (keys.Count == TrustBundle.MaxKeys) return BundleFault.TooManyKeys;
        if (jwk.Text("kid") is not { Length: > 0 } keyId) return BundleFault.KeyIdMissing;
        if (JwkReader.TryRead(jwk, out JwsPublicKey? key) != JwkFault.None) return BundleFault.KeyMalformed;
        if (!keyIds.Add(keyId)) return BundleFault.KeyIdRepeated;
        keys.Add(key!);
        return BundleFault.None;
    }

    // X509-SVID §6.2: without x5c the entry is ignored, and so are all values but the first. A kid is not asked for and not used.
    private static BundleFault ReadAuthority(JsonElement jwk, List<ReadOnlyMemory<byte>> authorities)
    {
        if (!jwk.TryGetProperty("x5c", out JsonElement x5c) || x5c.ValueKind != JsonValueKind.Array || x5c.GetArrayLength() == 0) return BundleFault.None;
        if (authorities.Count == TrustBundle.MaxKeys) return BundleFault.TooManyKeys;
        JsonElement first = x5c[0];
        if (first.ValueKind != JsonValueKind.String || !first.TryGetBytesFromBase64(out byte[]? der)) return BundleFault.CertificateMalformed;
        try
        {
            using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(der);
            // Loading is lenient about what follows the certificate: the bytes must be it, and nothing else.
            if (!certificate.RawDataMemory.Span.SequenceEqual(der) || !IsAuthority(certificate)) return BundleFault.CertificateMalformed;
            if (JwkReader.TryRead(jwk, out JwsPublicKey? key) != JwkFault.None) return BundleFault.KeyMalformed;
            if (CertificateKey.Of(certificate)?.Thumbprint != key!.Thumbprint) return BundleFault.CertificateMismatch;
        }
        catch (CryptographicException)
        {
            return BundleFault.CertificateMalformed;
        }

        authorities.Add(der);
        return BundleFault.None;
    }

    private static bool IsAuthority(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault() is { CertificateAuthority: true };

    private static bool TryReadSequence(JsonElement root, out ulong? sequence)
    {
        sequence = null;
        if (!root.TryGetProperty("spiffe_sequence", out JsonElement value)) return true;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetUInt64(out ulong number)) return false;
        sequence = number;
        return true;
    }

    private static bool TryReadRefreshHint(JsonElement root, out TimeSpan? hint)
    {
        hint = null;
        if (!root.TryGetProperty("spiffe_refresh_hint", out JsonElement value)) return true;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out long seconds) || seconds < 0) return false;
        hint = TimeSpan.FromSeconds(Math.Min(seconds, (long)MaxRefreshHint.TotalSeconds));
        return true;
    }
}
