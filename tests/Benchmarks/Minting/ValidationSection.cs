using System.Security.Cryptography;
using Spiffe.Agent.Authority;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Identity.Bundles;
using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Identity.X509;

namespace Spiffe.Agent.Tests.Benchmarks.Minting;

/// <summary>What checking an SVID costs, beside one signature verification.</summary>
internal static class ValidationSection
{
    private const int Calls = 10;

    public static void Run()
    {
        TrustDomain domain = TrustDomain.Parse("example.org");
        SpiffeId id = SpiffeId.Parse("spiffe://example.org/ns/production/sa/web");
        using EmbeddedAuthority authority = new(new AuthorityOptions { TrustDomain = domain }, TimeProvider.System);
        BundleSet bundles = new(authority.Bundle);
        JwtSvid jwt = authority.SignJwt(new JwtSvidRequest { Id = id, Audience = ["https://reports.example.org"] });
        using WitSvid wit = authority.SignWit(new WitSvidRequest { Id = id });
        using X509Svid x509 = authority.SignX509(new X509SvidRequest { Id = id });
        using ECDsa signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] data = new byte[300];
        byte[] signature = signer.SignData(data, HashAlgorithmName.SHA256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();

        var results = Stopclock.Measure(
            Calls,
            ("one signature verification", () => signer.VerifyData(data, signature, HashAlgorithmName.SHA256)),
            ("JWT-SVID", () => JwtSvidValidator.Validate(jwt.Token, "https://reports.example.org", bundles, now)),
            ("WIT-SVID", () => WitSvidValidator.Validate(wit.Token, bundles, now)),
            ("X.509-SVID", () => X509SvidValidator.Validate(x509.Chain, bundles, now)));
        Stopclock.Print(results, results[0].Microseconds);
    }
}
