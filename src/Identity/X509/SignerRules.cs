using System.Security.Cryptography.X509Certificates;

namespace Spiffe.Agent.Identity.X509;

/// <summary>What a signing certificate in a chain must be. X509-SVID §2, §3.2, §4.1, §4.3.</summary>
internal static class SignerRules
{
    public static X509SvidRule Check(X509Certificate2 signer)
    {
        if (signer.Only<X509BasicConstraintsExtension>() is not { CertificateAuthority: true }) return X509SvidRule.SignerNotAuthority;
        if (signer.Only<X509KeyUsageExtension>() is not { Critical: true } usage) return X509SvidRule.KeyUsageMissing;
        if ((usage.KeyUsages & X509KeyUsageFlags.KeyCertSign) == 0) return X509SvidRule.SignerNotAuthority;
        if (!CertificateNames.TryRead(signer, out CertificateNames names) || names.Uris.Count > 1) return X509SvidRule.SignerId;
        // It should have an ID (§3.2); if it has one, that has no path.
        return names.Uris.Count == 0 || CertificateNames.IsSignerId(names.Uris[0]) ? X509SvidRule.None : X509SvidRule.SignerId;
    }
}
