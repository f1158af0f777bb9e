using System.Security.Cryptography.X509Certificates;
using Spiffe.Agent.Authority;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Identity.Bundles;
using Spiffe.Agent.Identity.X509;
using Spiffe.Agent.Tests.TestKit.Identity;

namespace Spiffe.Agent.Tests.Conformance;

/// <summary>X509-SVID, clauses 45 to 53: what is accepted, and what is minted. The trait is the clause.</summary>
public sealed class X509SvidClauses : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly CertificateForge _forge = new(Now);

    public void Dispose() => _forge.Dispose();

    [Fact]
    [Trait("clause", "52 X509-SVID §5.1")]
    public void A_good_leaf_of_the_bundles_authority_is_accepted()
    {
        X509SvidValidation result = Validate(_forge.Sign(CertificateForge.GoodLeaf()));
        Assert.True(result.IsValid);
        Assert.Equal("spiffe://example.org/web", result.Svid.Id.ToString());
    }

    [Fact]
    [Trait("clause", "45 X509-SVID §2")]
    public void There_is_exactly_one_URI_SAN()
    {
        Assert.Equal(X509SvidRule.UriMissing, ValidateWithSan(null));
        Assert.Equal(X509SvidRule.UriRepeated, ValidateWithSan(CertificateForge.Uris(true, "spiffe://example.org/web", "https://example.org")));
        Assert.Equal(X509SvidRule.UriRepeated, ValidateWithSan(CertificateForge.Uris(true, "spiffe://example.org/web", "spiffe://example.org/web")));
    }

    [Fact]
    [Trait("clause", "46 X509-SVID §3.1")]
    public void A_leaf_has_a_path_and_a_critical_SAN_when_it_has_no_subject()
    {
        Assert.Equal(X509SvidRule.LeafWithoutPath, ValidateWithSan(CertificateForge.Uris(true, "spiffe://example.org")));
        Assert.Equal(X509SvidRule.SanNotCritical, ValidateWithSan(CertificateForge.Uris(false, "spiffe://example.org/web")));
        Assert.Equal(X509SvidRule.None, ValidateWithSan(CertificateForge.Uris(false, "spiffe://example.org/web"), "CN=web"));
    }

    [Fact]
    [Trait("clause", "47 X509-SVID §3.2")]
    public void A_signers_id_has_no_path()
    {
        using CertificateForge withPath = new(Now, "spiffe://example.org/ca");
        Assert.Equal(X509SvidRule.SignerId, X509SvidValidator.Validate(withPath.Sign(CertificateForge.GoodLeaf()), withPath.Bundles, Now).Broken);
        using CertificateForge rootPath = new(Now, "spiffe://example.org/");
        Assert.True(X509SvidValidator.Validate(rootPath.Sign(CertificateForge.GoodLeaf()), rootPath.Bundles, Now).IsValid);
        using CertificateForge without = new(Now, uri: null);
        Assert.True(X509SvidValidator.Validate(without.Sign(CertificateForge.GoodLeaf()), without.Bundles, Now).IsValid);
    }

    [Fact]
    [Trait("clause", "48 X509-SVID §3.2")]
    public void A_signer_authenticates_nobody() => Assert.Equal(X509SvidRule.LeafWithoutPath, Validate(_forge.Authority).Broken);

    [Fact]
    [Trait("clause", "50 X509-SVID §4.3")]
    public void Key_usage_is_there_critical_and_right()
    {
        Assert.Equal(X509SvidRule.KeyUsageMissing, ValidateWithUsage(null));
        Assert.Equal(X509SvidRule.KeyUsageMissing, ValidateWithUsage(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: false)));
        Assert.Equal(X509SvidRule.LeafKeyUsage, ValidateWithUsage(new X509KeyUsageExtension(X509KeyUsageFlags.KeyEncipherment, critical: true)));
        Assert.Equal(X509SvidRule.None, ValidateWithUsage(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyAgreement, critical: true)));
        using CertificateForge cannotSign = new(Now, usage: X509KeyUsageFlags.CrlSign);
        Assert.False(X509SvidValidator.Validate(cannotSign.Sign(CertificateForge.GoodLeaf()), cannotSign.Bundles, Now).IsValid);
    }

    [Fact]
    [Trait("clause", "51 X509-SVID §4.4")]
    public void Extended_key_usage_if_set_is_for_server_and_client()
    {
        IEnumerable<X509Extension> without = CertificateForge.GoodLeaf().Where(e => e is not X509EnhancedKeyUsageExtension);
        Assert.True(Validate(_forge.Sign(without)).IsValid);
        X509Extension serverOnly = new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1")], false);
        Assert.Equal(X509SvidRule.ExtendedKeyUsage, Validate(_forge.Sign(without.Append(serverOnly))).Broken);
    }

    [Fact]
    [Trait("clause", "52 X509-SVID §5.1")]
    public void The_path_ends_at_an_authority_of_the_ids_own_trust_domain()
    {
        using CertificateForge stranger = new(Now);
        byte[] leaf = stranger.Sign(CertificateForge.GoodLeaf());
        Assert.Equal(X509SvidRule.PathInvalid, Validate(leaf).Broken);
        Assert.Equal(X509SvidRule.PathInvalid, Validate([.. leaf, .. stranger.Authority]).Broken); // a root that came along proves nothing
        Assert.Equal(X509SvidRule.TrustDomainUnknown, Validate(_forge.Sign(CertificateForge.GoodLeaf("spiffe://other.org/web"))).Broken);
        BundleSet both = new(_forge.Bundles.Own, new TrustBundle(TrustDomain.Parse("other.org"), [stranger.Authority], [], []));
        Assert.Equal(X509SvidRule.PathInvalid, X509SvidValidator.Validate(_forge.Sign(CertificateForge.GoodLeaf("spiffe://other.org/web")), both, Now).Broken);
        Assert.Equal(X509SvidRule.PathInvalid, X509SvidValidator.Validate(_forge.Sign(CertificateForge.GoodLeaf()), new BundleSet(new TrustBundle(TrustDomain.Parse("example.org"), [], [], [])), Now).Broken);
    }

    [Fact]
    [Trait("clause", "52 X509-SVID §5.1")]
    public void Every_certificate_of_the_path_is_valid_now()
    {
        byte[] leaf = _forge.Sign(CertificateForge.GoodLeaf());
        Assert.Equal(X509SvidRule.Expired, X509SvidValidator.Validate(leaf, _forge.Bundles, Now.AddMinutes(31)).Broken);
        Assert.Equal(X509SvidRule.Expired, X509SvidValidator.Validate(leaf, _forge.Bundles, Now.AddMinutes(-31)).Broken);
        byte[] outlives = _forge.Sign(CertificateForge.GoodLeaf(), endsIn: TimeSpan.FromHours(9));
        Assert.Equal(X509SvidRule.Expired, X509SvidValidator.Validate(outlives, _forge.Bundles, Now.AddHours(2)).Broken);
    }

    [Fact]
    [Trait("clause", "53 X509-SVID §5.2")]
    public void A_leaf_is_no_authority_and_its_id_is_a_SPIFFE_ID()
    {
        X509Extension authority = new X509BasicConstraintsExtension(true, false, 0, true);
        IEnumerable<X509Extension> rest = CertificateForge.GoodLeaf().Where(e => e is not X509BasicConstraintsExtension);
        Assert.Equal(X509SvidRule.LeafIsAuthority, Validate(_forge.Sign(rest.Append(authority))).Broken);
        Assert.Equal(X509SvidRule.LeafKeyUsage, ValidateWithUsage(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign, true)));
        Assert.Equal(X509SvidRule.LeafKeyUsage, ValidateWithUsage(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.CrlSign, true)));
        Assert.Equal(X509SvidRule.UriNotSpiffeId, ValidateWithSan(CertificateForge.Uris(true, "https://example.org/web")));
        Assert.Equal(X509SvidRule.UriNotSpiffeId, ValidateWithSan(CertificateForge.Uris(true, "spiffe://example.org/a%2fb")));
    }

    [Fact]
    [Trait("clause", "53 X509-SVID §5.2")]
    public void Junk_is_refused()
    {
        byte[] leaf = _forge.Sign(CertificateForge.GoodLeaf());
        Assert.Equal(X509SvidRule.NotCertificates, Validate([]).Broken);
        Assert.Equal(X509SvidRule.NotCertificates, Validate([1, 2, 3]).Broken);
        Assert.Equal(X509SvidRule.NotCertificates, Validate([.. leaf, 0]).Broken);
        Assert.Equal(X509SvidRule.NotCertificates, Validate(leaf[..^1]).Broken);
        Assert.Equal(X509SvidRule.TooLong, Validate([.. Enumerable.Repeat(leaf, 11).SelectMany(b => b)]).Broken);
        Assert.Equal(X509SvidRule.TooLong, Validate(new byte[65 * 1024]).Broken);
    }

    [Theory]
    [Trait("clause", "43, 44, 45, 46, 49, 50, 51 X509-SVID §2, §3, §4")]
    [InlineData(KeyType.Ec256)]
    [InlineData(KeyType.Rsa2048)]
    public void What_is_minted_is_exactly_the_profile(KeyType type)
    {
        using EmbeddedAuthority authority = new(new AuthorityOptions { TrustDomain = TrustDomain.Parse("example.org"), CaKeyType = type, WorkloadKeyType = type }, TimeProvider.System);
        using X509Svid svid = authority.SignX509(new X509SvidRequest { Id = SpiffeId.Parse("spiffe://example.org/web") });
        using X509Svid named = authority.SignX509(new X509SvidRequest { Id = svid.Id, DnsNames = ["web.example.org", "*.web.example.org"] });
        using X509Certificate2 leaf = X509CertificateLoader.LoadCertificate(svid.Chain.Span);
        using X509Certificate2 ca = X509CertificateLoader.LoadCertificate(authority.Bundle.X509Authorities[0].Span);
        using X509Certificate2 withNames = X509CertificateLoader.LoadCertificate(named.Chain.Span);

        Assert.Equal(["2.5.29.19!", "2.5.29.15!", "2.5.29.37", "2.5.29.14", "2.5.29.35", "2.5.29.17!"], Extensions(leaf));
        Assert.Equal("", leaf.Subject);
        Assert.False(leaf.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
        Assert.Equal(X509KeyUsageFlags.DigitalSignature, leaf.Extensions.OfType<X509KeyUsageExtension>().Single().KeyUsages);
        Assert.Equal(2, leaf.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Count);

        Assert.Equal("CN=web.example.org", withNames.Subject);
        Assert.Equal("2.5.29.17", Extensions(withNames)[^1]); // a subject, so not critical
        Assert.Equal(["web.example.org", "*.web.example.org"], withNames.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateDnsNames());

        Assert.Equal(["2.5.29.19!", "2.5.29.15!", "2.5.29.14", "2.5.29.35", "2.5.29.17"], Extensions(ca));
        Assert.True(ca.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
        Assert.Equal(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, ca.Extensions.OfType<X509KeyUsageExtension>().Single().KeyUsages);
        Assert.Contains("spiffe://example.org", System.Text.Encoding.Latin1.GetString(ca.Extensions.Single(e => e.Oid?.Value == "2.5.29.17").RawData), StringComparison.Ordinal);
        Assert.Equal(
            ca.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single().SubjectKeyIdentifierBytes.ToArray(),
            leaf.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().Single().KeyIdentifier!.Value.ToArray());
    }

    private static List<string> Extensions(X509Certificate2 certificate) => [.. certificate.Extensions.Select(e => e.Oid!.Value + (e.Critical ? "!" : ""))];

    private X509SvidRule ValidateWithSan(X509Extension? san, string subject = "")
    {
        IEnumerable<X509Extension> rest = CertificateForge.GoodLeaf().Where(e => e.Oid!.Value != "2.5.29.17");
        return Validate(_forge.Sign(san is null ? rest : rest.Append(san), subject)).Broken;
    }

    private X509SvidRule ValidateWithUsage(X509Extension? usage)
    {
        IEnumerable<X509Extension> rest = CertificateForge.GoodLeaf().Where(e => e is not X509KeyUsageExtension);
        return Validate(_forge.Sign(usage is null ? rest : rest.Append(usage))).Broken;
    }

    private X509SvidValidation Validate(byte[] chain) => X509SvidValidator.Validate(chain, _forge.Bundles, Now);
}
