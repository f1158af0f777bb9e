using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Spiffe.Agent.Protocols.Workload;

namespace Spiffe.Agent.Tests.Unit.Cli;

/// <summary>A certificate authority of one trust domain that signs whatever a test wants to see printed.</summary>
internal sealed class TestPki : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP384);

    public TestPki(string trustDomain)
    {
        TrustDomain = trustDomain;
        CertificateRequest request = new($"O=SPIFFE,CN={trustDomain}", _key, HashAlgorithmName.SHA384);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(Names($"spiffe://{trustDomain}"));
        Authority = request.CreateSelfSigned(TestTerminal.Now.AddHours(-1), TestTerminal.Now.AddHours(23));
    }

    public string TrustDomain { get; }

    public X509Certificate2 Authority { get; }

    public string Id => $"spiffe://{TrustDomain}";

    /// <summary>An SVID that began a minute before <see cref="TestTerminal.Now"/>.</summary>
    public X509SVID Svid(string path, TimeSpan life, string hint = "", string? dnsName = null)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("O=SPIFFE", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(Names(Id + path, dnsName));
        DateTimeOffset begin = TestTerminal.Now.AddMinutes(-1);
        using X509Certificate2 leaf = request.Create(
            Authority.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), begin, begin + life, Convert.FromHexString("0a0b0c0d0e0f10111213141516171819"));
        return new X509SVID
        {
            SpiffeId = Id + path,
            Hint = hint,
            X509Svid = ByteString.CopyFrom(leaf.RawData),
            X509SvidKey = ByteString.CopyFrom(key.ExportPkcs8PrivateKey()),
            Bundle = ByteString.CopyFrom(Authority.RawData),
        };
    }

    public void Dispose()
    {
        Authority.Dispose();
        _key.Dispose();
    }

    // By hand, because System.Uri adds a slash to the trust domain's own ID.
    private static X509Extension Names(string uri, string? dnsName = null)
    {
        AsnWriter names = new(AsnEncodingRules.DER);
        using (names.PushSequence())
        {
            names.WriteCharacterString(UniversalTagNumber.IA5String, uri, new Asn1Tag(TagClass.ContextSpecific, 6));
            if (dnsName is not null) names.WriteCharacterString(UniversalTagNumber.IA5String, dnsName, new Asn1Tag(TagClass.ContextSpecific, 2));
        }

        return new X509Extension("2.5.29.17", names.Encode(), critical: false);
    }
}
