using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Spiffe.Agent.Cli.Certificates;
using Spiffe.Agent.Cli.Output;

namespace Spiffe.Agent.Cli.Fetch;

/// <summary>Bundles as the standard's own document: a SPIFFE bundle map, each value a JWK set (Trust Domain and Bundle §4, §5.1).</summary>
internal static class BundleJson
{
    /// <summary>Members of a JWK that are secret. A bundle has none; if one came all the same, it goes no further.</summary>
    private static readonly string[] Secret = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    public static string Write(IReadOnlyList<TrustDomainBundle> bundles, bool onOneLine) => JsonText.Object(onOneLine, json =>
    {
        json.WriteStartObject("trust_domains");
        foreach (TrustDomainBundle bundle in bundles)
        {
            json.WriteStartObject(bundle.TrustDomain);
            json.WriteStartArray("keys");
            foreach (CertificateView authority in bundle.X509.Authorities) Write(json, authority);
            foreach (JsonElement key in bundle.JwtKeys) Write(json, key, "jwt-svid");
            foreach (JsonElement key in bundle.WitKeys) Write(json, key, "wit-svid");
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    });

    // X509-SVID §6.1: use, no kid, x5c with exactly one certificate, in base64 (not base64url: RFC 7517 §4.7).
    private static void Write(Utf8JsonWriter json, CertificateView authority)
    {
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(authority.Der.Span);
        json.WriteStartObject();
        json.WriteString("use", "x509-svid");
        using ECDsa? ec = certificate.GetECDsaPublicKey();
        using RSA? rsa = ec is null ? certificate.GetRSAPublicKey() : null;
        if (ec?.ExportParameters(false) is { Q: { X: { } x, Y: { } y } })
        {
            json.WriteString("kty", "EC");
            json.WriteString("crv", $"P-{ec.KeySize}");
            json.WriteString("x", Base64Url.EncodeToString(x));
            json.WriteString("y", Base64Url.EncodeToString(y));
        }
        else if (rsa?.ExportParameters(false) is { Modulus: { } n, Exponent: { } e })
        {
            json.WriteString("kty", "RSA");
            json.WriteString("n", Base64Url.EncodeToString(n));
            json.WriteString("e", Base64Url.EncodeToString(e));
        }

        json.WriteTexts("x5c", [Convert.ToBase64String(authority.Der.Span)]);
        json.WriteEndObject();
    }

    // Some servers leave use out on the wire, where the call says it; in one set for all kinds it must be there.
    private static void Write(Utf8JsonWriter json, JsonElement key, string use)
    {
        json.WriteStartObject();
        json.WriteString("use", use);
        foreach (JsonProperty member in key.EnumerateObject())
        {
            if (!member.NameEquals("use") && !Secret.Contains(member.Name, StringComparer.Ordinal)) member.WriteTo(json);
        }

        json.WriteEndObject();
    }
}
