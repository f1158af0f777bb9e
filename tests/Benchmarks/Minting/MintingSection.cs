using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Spiffe.Agent.Authority;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Tests.Benchmarks.Minting;

/// <summary>What an SVID costs to make, beside one key generation and one signature of the same algorithm, and beside CertificateRequest.</summary>
internal static class MintingSection
{
    private const int Calls = 10;

    public static void Run()
    {
        TrustDomain domain = TrustDomain.Parse("example.org");
        SpiffeId id = SpiffeId.Parse("spiffe://example.org/ns/production/sa/web");
        foreach ((KeyType type, ECCurve curve, HashAlgorithmName hash) in new[]
        {
            (KeyType.Ec256, ECCurve.NamedCurves.nistP256, HashAlgorithmName.SHA256),
            (KeyType.Ec384, ECCurve.NamedCurves.nistP384, HashAlgorithmName.SHA384),
        })
        {
            AuthorityOptions options = new() { TrustDomain = domain, CaKeyType = type, TokenKeyType = type, WorkloadKeyType = type };
            using EmbeddedAuthority authority = new(options, TimeProvider.System);
            X509SvidRequest x509 = new() { Id = id };
            JwtSvidRequest jwt = new() { Id = id, Audience = ["https://reports.example.org"] };
            WitSvidRequest wit = new() { Id = id };
            using ECDsa signer = ECDsa.Create(curve);
            byte[] data = new byte[500];

            Console.WriteLine($"-- {type}");
            var floors = Stopclock.Measure(
                Calls,
                ("key generation", () => ECDsa.Create(curve).Dispose()),
                ("one signature", () => signer.SignData(data, hash)),
                ("key generation + one signature", () =>
                {
                    using ECDsa key = ECDsa.Create(curve);
                    _ = signer.SignData(data, hash);
                }
            ),
                ("X.509-SVID", () => authority.SignX509(x509).Dispose()),
                ("X.509-SVID by CertificateRequest", () => ByCertificateRequest(signer, curve, hash, id)),
                ("WIT-SVID", () => authority.SignWit(wit).Dispose()),
                ("JWT-SVID", () => authority.SignJwt(jwt)));
            Stopclock.Print(floors, floors[2].Microseconds);
            Console.WriteLine($"JWT-SVID / one signature: {floors[6].Microseconds / floors[1].Microseconds:F2}");
        }
    }

    private static void ByCertificateRequest(ECDsa signer, ECCurve curve, HashAlgorithmName hash, SpiffeId id)
    {
        using ECDsa key = ECDsa.Create(curve);
        CertificateRequest request = new(new X500DistinguishedName(""), key, hash);
        SubjectAlternativeNameBuilder names = new();
        names.AddUri(new Uri(id.ToString()));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1"), new("1.3.6.1.5.5.7.3.2")], false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        request.CertificateExtensions.Add(names.Build(true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = request.Create(
            new X500DistinguishedName("O=SPIFFE"), X509SignatureGenerator.CreateForECDsa(signer), now, now.AddHours(1), RandomNumberGenerator.GetBytes(16));
        _ = certificate.RawData;
        _ = key.ExportPkcs8PrivateKey();
    }
}
