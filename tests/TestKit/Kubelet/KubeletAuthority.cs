using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Spiffe.Agent.Tests.TestKit.Kubelet;

/// <summary>A cluster's certificate authority, as far as kubelets need it.</summary>
public sealed class KubeletAuthority : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();

    public KubeletAuthority()
    {
        CertificateRequest request = new("CN=kubernetes", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _certificate = request.CreateSelfSigned(_now.AddDays(-30), _now.AddDays(30));
    }

    /// <summary>What a ca.crt holds.</summary>
    public string Pem => _certificate.ExportCertificatePem();

    /// <summary>A kubelet's serving certificate, with key.</summary>
    public X509Certificate2 Serving(string name, TimeSpan? begins = null, TimeSpan? ends = null) => Sign($"CN=system:node:{name}, O=system:nodes", name, ServerAuthentication, begins, ends);

    /// <summary>A serving certificate whose name is only in its subject, as browsers took it long ago.</summary>
    public X509Certificate2 ServingBySubject(string name) => Sign($"CN={name}", null, ServerAuthentication, null, null);

    /// <summary>A client's certificate that has a node's name all the same: any user of a cluster may hold one.</summary>
    public X509Certificate2 Client(string name) => Sign($"CN={name}", name, ClientAuthentication, null, null);

    /// <summary>A kubelet's own certificate, signed by nobody else.</summary>
    public static X509Certificate2 SelfSigned(string name, TimeSpan? ends = null)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = Request($"CN={name}", name, ServerAuthentication, key);
        return request.CreateSelfSigned(now.AddDays(-20), now + (ends ?? TimeSpan.FromDays(1)));
    }

    /// <summary>The private key of a certificate, as PEM.</summary>
    public static string KeyOf(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        using ECDsa key = certificate.GetECDsaPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem();
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }

    private X509Certificate2 Sign(string subject, string? name, string use, TimeSpan? begins, TimeSpan? ends)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = Request(subject, name, use, key);
        using X509Certificate2 certificate = request.Create(
            _certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), _now + (begins ?? TimeSpan.FromDays(-2)), _now + (ends ?? TimeSpan.FromDays(2)), RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }

    private static CertificateRequest Request(string subject, string? name, string use, ECDsa key)
    {
        CertificateRequest request = new(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], false));
        if (name is null) return request;
        SubjectAlternativeNameBuilder names = new();
        if (IPAddress.TryParse(name, out IPAddress? address)) names.AddIpAddress(address);
        else names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        return request;
    }
}
