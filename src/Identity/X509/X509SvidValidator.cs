using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Spiffe.Agent.Identity.Bundles;

namespace Spiffe.Agent.Identity.X509;

/// <summary>Decides whether a chain is an X.509-SVID that authenticates a workload, by the authorities of its own trust domain and no others. X509-SVID §5.</summary>
public static class X509SvidValidator
{
    /// <summary>Most certificates in a chain. Ours: bounds the path search.</summary>
    public const int MaxChainLength = 10;

    /// <summary>Largest chain, in bytes. Ours.</summary>
    public const int MaxChainBytes = 64 * 1024;

    /// <param name="chain">DER certificates one behind the other, the leaf first.</param>
    /// <param name="bundles">The trust domains that are trusted, each with its own authorities.</param>
    /// <param name="now">The time by the wall clock.</param>
    public static X509SvidValidation Validate(ReadOnlyMemory<byte> chain, BundleSet bundles, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(bundles);
        if (chain.Length > MaxChainBytes) return X509SvidValidation.Refused(X509SvidRule.TooLong);
        List<X509Certificate2> certificates = [];
        try
        {
            X509SvidRule broken = Split(chain, certificates);
            if (broken == X509SvidRule.None) return Validate(chain, certificates, bundles, now);
            return X509SvidValidation.Refused(broken);
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException)
        {
            return X509SvidValidation.Refused(X509SvidRule.NotCertificates);
        }
        finally
        {
            foreach (X509Certificate2 certificate in certificates) certificate.Dispose();
        }
    }

    private static X509SvidValidation Validate(ReadOnlyMemory<byte> chain, List<X509Certificate2> certificates, BundleSet bundles, DateTimeOffset now)
    {
        X509Certificate2 leaf = certificates[0];
        X509SvidRule broken = LeafRules.Check(leaf, out SpiffeId? id);
        for (int i = 1; i < certificates.Count && broken == X509SvidRule.None; i++) broken = SignerRules.Check(certificates[i]);
        if (broken != X509SvidRule.None) return X509SvidValidation.Refused(broken);
        if (!bundles.TryGet(id!.TrustDomain, out TrustBundle? bundle)) return X509SvidValidation.Refused(X509SvidRule.TrustDomainUnknown);

        broken = PathValidation.Check(leaf, certificates, bundle, now);
        if (broken != X509SvidRule.None) return X509SvidValidation.Refused(broken);
        return X509SvidValidation.Valid(new X509SvidCertificate(
            id,
            chain.ToArray(),
            new DateTimeOffset(leaf.NotBefore.ToUniversalTime(), TimeSpan.Zero),
            new DateTimeOffset(leaf.NotAfter.ToUniversalTime(), TimeSpan.Zero),
            Convert.ToHexStringLower(leaf.SerialNumberBytes.Span))
        {
            IssuerKeyId = leaf.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().FirstOrDefault()?.KeyIdentifier is { } issuer ? Convert.ToHexStringLower(issuer.Span) : "",
        });
    }

    private static X509SvidRule Split(ReadOnlyMemory<byte> chain, List<X509Certificate2> certificates)
    {
        if (chain.IsEmpty) return X509SvidRule.NotCertificates;
        ReadOnlySpan<byte> rest = chain.Span;
        while (!rest.IsEmpty)
        {
            if (certificates.Count == MaxChainLength) return X509SvidRule.TooLong;
            _ = AsnDecoder.ReadEncodedValue(rest, AsnEncodingRules.DER, out _, out _, out int length);
            certificates.Add(X509CertificateLoader.LoadCertificate(rest[..length]));
            rest = rest[length..];
        }

        return X509SvidRule.None;
    }
}
