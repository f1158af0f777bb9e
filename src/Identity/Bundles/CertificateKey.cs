using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Spiffe.Agent.Identity.Jwt;

namespace Spiffe.Agent.Identity.Bundles;

/// <summary>The public key of a CA certificate, as the JWK that stands for it must repeat it (RFC 7517 §4.7).</summary>
internal static class CertificateKey
{
    /// <summary><see langword="null"/> when it is neither RSA nor on one of the three curves.</summary>
    public static JwsPublicKey? Of(X509Certificate2 certificate)
    {
        using ECDsa? ec = certificate.GetECDsaPublicKey();
        using RSA? rsa = ec is null ? certificate.GetRSAPublicKey() : null;
        JwsPublicKey? key = null;
        if (ec is not null) _ = JwsPublicKey.TryCreate(ec.ExportParameters(false), keyId: null, algorithm: null, out key);
        if (rsa is not null) _ = JwsPublicKey.TryCreate(rsa.ExportParameters(false), keyId: null, algorithm: null, out key);
        return key;
    }
}
