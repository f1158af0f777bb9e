using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Identity.Bundles;

namespace Spiffe.Agent.Tests.TestKit.Identity;

/// <summary>A foreign certificate authority that signs whatever certificate a test wants, right or wrong.</summary>
public sealed class CertificateForge : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;

    public CertificateForge(DateTimeOffset now, string? uri = "spiffe://example.org", X509KeyUsageFlags usage = X509KeyUsageFlags.KeyCertSign)
    {
        Now = now;
        CertificateRequest request = new("O=forge", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, true));
        if (uri is not null) request.CertificateExtensions.Add(Uris(false, uri));
        _certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
    }

    public DateTimeOffset Now { get; }

    public byte[] Authority => _certificate.RawData;

    public BundleSet Bundles => new(new TrustBundle(TrustDomain.Parse("example.org"), [Authority], [], []));

    /// <summary>What a leaf should have; a test leaves out or adds what it likes.</summary>
    public static IEnumerable<X509Extension> GoodLeaf(string uri = "spiffe://example.org/web") =>
    [
        new X509BasicConstraintsExtension(false, false, 0, true),
        new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true),
        new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false),
        Uris(true, uri),
    ];

    public static X509Extension Uris(bool critical, params string[] uris)
    {
        System.Formats.Asn1.AsnWriter writer = new(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (string uri in uris)
            {
                writer.WriteCharacterString(System.Formats.Asn1.UniversalTagNumber.IA5String, uri, new(System.Formats.Asn1.TagClass.ContextSpecific, 6));
            }
        }

        return new X509Extension("2.5.29.17", writer.Encode(), critical);
    }

    /// <summary>A certificate with these extensions; it ends an hour from <see cref="Now"/> unless said otherwise.</summary>
    public byte[] Sign(IEnumerable<X509Extension> extensions, string subject = "", TimeSpan? endsIn = null)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(subject, key, HashAlgorithmName.SHA256);
        foreach (X509Extension extension in extensions) request.CertificateExtensions.Add(extension);
        using X509Certificate2 certificate = request.Create(
            _certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), Now.AddMinutes(-30), Now + (endsIn ?? TimeSpan.FromMinutes(30)), RandomNumberGenerator.GetBytes(8));
        return certificate.RawData;
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }
}
