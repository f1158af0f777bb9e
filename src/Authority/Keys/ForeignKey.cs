using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Spiffe.Agent.Identity.Jwt;

namespace Spiffe.Agent.Authority.Keys;

/// <summary>A public key that came from outside.</summary>
internal static class ForeignKey
{
    /// <summary>The same key as the platform writes it, without parameters or bytes of the caller's choice; <see langword="null"/> for a key that is not signed for.</summary>
    public static byte[]? Canonical(ReadOnlySpan<byte> subjectPublicKeyInfo)
    {
        try
        {
            PublicKey given = PublicKey.CreateFromSubjectPublicKeyInfo(subjectPublicKeyInfo, out int read);
            if (read != subjectPublicKeyInfo.Length) return null;
            using ECDsa? ec = given.GetECDsaPublicKey();
            if (ec is not null) return JwsPublicKey.TryCreate(ec.ExportParameters(false), null, null, out _) == JwkFault.None ? ec.ExportSubjectPublicKeyInfo() : null;
            using RSA? rsa = given.GetRSAPublicKey();
            if (rsa is null || JwsPublicKey.TryCreate(rsa.ExportParameters(false), null, null, out _) != JwkFault.None) return null;
            return rsa.ExportSubjectPublicKeyInfo();
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
