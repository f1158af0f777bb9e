using System.Security.Cryptography.X509Certificates;
using Spiffe.Agent.Identity.Bundles;

namespace Spiffe.Agent.Identity.X509;

/// <summary>RFC 5280 path validation from a leaf to an authority of one bundle; neither the machine's own roots nor the network are asked. X509-SVID §5.1.</summary>
internal static class PathValidation
{
    public static X509SvidRule Check(X509Certificate2 leaf, List<X509Certificate2> certificates, TrustBundle bundle, DateTimeOffset now)
    {
        X509Certificate2Collection authorities = [];
        using X509Chain chain = new();
        try
        {
            foreach (ReadOnlyMemory<byte> der in bundle.X509Authorities) authorities.Add(X509CertificateLoader.LoadCertificate(der.Span));
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
            for (int i = 1; i < certificates.Count; i++) chain.ChainPolicy.ExtraStore.Add(certificates[i]);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.DisableCertificateDownloads = true;
            chain.ChainPolicy.VerificationTimeIgnored = false;
            chain.ChainPolicy.VerificationTime = now.UtcDateTime;
            bool whole = chain.Build(leaf);
            X509SvidRule broken = whole || EndsAtAnAuthority(chain, authorities) ? X509SvidRule.None : Explain(chain);
            return broken == X509SvidRule.None ? CheckSigners(chain) : broken;
        }
        finally
        {
            foreach (X509ChainElement element in chain.ChainElements) element.Certificate.Dispose();
            foreach (X509Certificate2 authority in authorities) authority.Dispose();
        }
    }

    // A bundle may hold an intermediate: "SHOULD be self-signed" (§6.1). The platform then calls the chain partial and nothing worse.
    private static bool EndsAtAnAuthority(X509Chain chain, X509Certificate2Collection authorities)
    {
        foreach (X509ChainStatus status in chain.ChainStatus)
        {
            if (status.Status != X509ChainStatusFlags.PartialChain) return false;
        }

        if (chain.ChainElements.Count < 2) return false;
        ReadOnlySpan<byte> top = chain.ChainElements[^1].Certificate.RawDataMemory.Span;
        foreach (X509Certificate2 authority in authorities)
        {
            if (authority.RawDataMemory.Span.SequenceEqual(top)) return true;
        }

        return false;
    }

    // The signers that were used, the authority among them, not only those that were sent.
    private static X509SvidRule CheckSigners(X509Chain chain)
    {
        for (int i = 1; i < chain.ChainElements.Count; i++)
        {
            X509SvidRule broken = SignerRules.Check(chain.ChainElements[i].Certificate);
            if (broken != X509SvidRule.None) return broken;
        }

        return chain.ChainElements.Count < 2 ? X509SvidRule.PathInvalid : X509SvidRule.None;
    }

    private static X509SvidRule Explain(X509Chain chain)
    {
        X509ChainStatusFlags all = X509ChainStatusFlags.NoError;
        foreach (X509ChainStatus status in chain.ChainStatus) all |= status.Status;
        return all == X509ChainStatusFlags.NotTimeValid ? X509SvidRule.Expired : X509SvidRule.PathInvalid;
    }
}
