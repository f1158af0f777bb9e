using System.Security.Cryptography.X509Certificates;

namespace Spiffe.Agent.Identity.X509;

/// <summary>What a leaf must be to authenticate anybody. X509-SVID §2, §3.1, §4, §5.2.</summary>
internal static class LeafRules
{
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    public static X509SvidRule Check(X509Certificate2 leaf, out SpiffeId? id)
    {
        X509SvidRule broken = CheckId(leaf, out id);
        if (broken != X509SvidRule.None) return broken;
        if (leaf.Extensions.OfType<X509BasicConstraintsExtension>().Any(e => e.CertificateAuthority)) return X509SvidRule.LeafIsAuthority;
        if (leaf.Only<X509KeyUsageExtension>() is not { Critical: true } usage) return X509SvidRule.KeyUsageMissing;
        if ((usage.KeyUsages & (X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign)) != 0) return X509SvidRule.LeafKeyUsage;
        if ((usage.KeyUsages & X509KeyUsageFlags.DigitalSignature) == 0) return X509SvidRule.LeafKeyUsage;
        foreach (X509EnhancedKeyUsageExtension extended in leaf.Extensions.OfType<X509EnhancedKeyUsageExtension>())
        {
            if (!Has(extended, ServerAuth) || !Has(extended, ClientAuth)) return X509SvidRule.ExtendedKeyUsage;
        }

        return X509SvidRule.None;
    }

    private static X509SvidRule CheckId(X509Certificate2 leaf, out SpiffeId? id)
    {
        id = null;
        if (!CertificateNames.TryRead(leaf, out CertificateNames names)) return X509SvidRule.NotCertificates;
        if (names.Uris.Count == 0) return X509SvidRule.UriMissing;
        if (names.Uris.Count > 1) return X509SvidRule.UriRepeated;
        if (!SpiffeId.TryParse(names.Uris[0], out id, out _)) return X509SvidRule.UriNotSpiffeId;
        if (id.IsTrustDomain) return X509SvidRule.LeafWithoutPath;
        // An empty Name is an empty SEQUENCE: two bytes.
        return leaf.SubjectName.RawData.Length <= 2 && !names.Critical ? X509SvidRule.SanNotCritical : X509SvidRule.None;
    }

    private static bool Has(X509EnhancedKeyUsageExtension extended, string oid)
    {
        foreach (System.Security.Cryptography.Oid usage in extended.EnhancedKeyUsages)
        {
            if (usage.Value == oid) return true;
        }

        return false;
    }
}
