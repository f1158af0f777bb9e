using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Spiffe.Agent.Authority;
using Spiffe.Agent.Authority.Revocation;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Identity.X509;
using Spiffe.Agent.Tests.TestKit.Time;

namespace Spiffe.Agent.Tests.Unit.Authority.Revocation;

/// <summary>The lists as the platform reads them: RFC 5280 §5.</summary>
public sealed class CertificateRevocationListTests : IDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(15);

    private readonly ManualTime _time = new();
    private readonly EmbeddedAuthority _authority;

    public CertificateRevocationListTests() =>
        _authority = new EmbeddedAuthority(new AuthorityOptions { TrustDomain = TrustDomain.Parse("example.org") }, _time);

    public void Dispose() => _authority.Dispose();

    [Fact]
    public void The_platform_reads_serial_numbers_and_number()
    {
        X509SvidCertificate dead = Mint();
        CertificateRevocationList list = Assert.Single(_authority.SignCrls([Line(dead)], 41, Life));

        CertificateRevocationListBuilder read = CertificateRevocationListBuilder.Load(list.Der.ToArray(), out BigInteger number);

        Assert.Equal(41, number);
        Assert.Equal(1, list.Count);
        Assert.Equal(dead.IssuerKeyId, list.IssuerKeyId);
        Assert.True(read.RemoveEntry(Convert.FromHexString(dead.SerialNumber)));
        Assert.False(read.RemoveEntry(Convert.FromHexString(Mint().SerialNumber)));
    }

    [Fact]
    public void An_empty_list_has_no_list_of_entries()
    {
        CertificateRevocationList list = Assert.Single(_authority.SignCrls([], 0, Life));

        // §5.1.2.6: version, algorithm, issuer, two times, and then the extensions at once.
        AsnReader fields = new AsnReader(list.Der, AsnEncodingRules.DER).ReadSequence().ReadSequence();
        for (int i = 0; i < 5; i++) _ = fields.ReadEncodedValue();
        Assert.Equal(new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true), fields.PeekTag());
        Assert.Equal(0, list.Count);
    }

    [Fact]
    public void A_list_says_when_the_next_one_comes()
    {
        AsnReader fields = new AsnReader(_authority.SignCrls([], 0, Life)[0].Der, AsnEncodingRules.DER).ReadSequence().ReadSequence();
        for (int i = 0; i < 3; i++) _ = fields.ReadEncodedValue();

        Assert.Equal(_time.GetUtcNow(), fields.ReadUtcTime());
        Assert.Equal(_time.GetUtcNow() + Life, fields.ReadUtcTime());
    }

    [Fact]
    public void What_an_old_key_signed_is_revoked_by_that_key_while_it_lives()
    {
        X509SvidCertificate old = Mint();
        Assert.True(_authority.Rotate());
        X509SvidCertificate young = Mint();
        Assert.NotEqual(old.IssuerKeyId, young.IssuerKeyId);

        IReadOnlyList<CertificateRevocationList> lists = _authority.SignCrls([Line(old), Line(young)], 1, Life);

        Assert.Equal([young.IssuerKeyId, old.IssuerKeyId], lists.Select(l => l.IssuerKeyId));
        Assert.All(lists.Zip([young, old]), pair => Assert.True(
            CertificateRevocationListBuilder.Load(pair.First.Der.ToArray(), out _).RemoveEntry(Convert.FromHexString(pair.Second.SerialNumber))));
        Assert.All(lists, list => Assert.True(IsSignedBy(list, _authority.Bundle.X509Authorities)));
    }

    [Fact]
    public void An_old_key_signs_nothing_but_lists()
    {
        string old = Mint().IssuerKeyId;
        Assert.True(_authority.Rotate());
        for (int i = 0; i < 50; i++) Assert.NotEqual(old, Mint().IssuerKeyId);
    }

    [Fact]
    public void A_key_whose_certificates_have_all_expired_is_gone()
    {
        X509SvidCertificate old = Mint();
        Assert.True(_authority.Rotate());
        _time.Pass(old.NotAfter - _time.GetUtcNow() + TimeSpan.FromMinutes(6));
        _authority.Advance();

        Assert.DoesNotContain(_authority.SignCrls([Line(old)], 1, Life), list => list.IssuerKeyId == old.IssuerKeyId);
    }

    [Fact]
    public async Task Lists_and_rotations_at_once_leave_no_list_out()
    {
        using CancellationTokenSource enough = new();
        Task rotating = Task.Run(() =>
        {
            for (int i = 0; i < 200; i++)
            {
                _ = _authority.Rotate();
                _time.Pass(TimeSpan.FromMinutes(1));
                _authority.Advance();
            }
        });
        while (!rotating.IsCompleted)
        {
            IReadOnlyList<CertificateRevocationList> lists = _authority.SignCrls([], 1, Life);
            Assert.NotEmpty(lists);
            Assert.Equal(lists.Count, lists.DistinctBy(l => l.IssuerKeyId).Count());
        }

        await rotating;
    }

    private static RevokedCertificate Line(X509SvidCertificate dead) =>
        new(dead.IssuerKeyId, dead.SerialNumber, dead.NotBefore, CertificateRevocationReason.CessationOfOperation);

    private static bool IsSignedBy(CertificateRevocationList list, IEnumerable<ReadOnlyMemory<byte>> authorities)
    {
        AsnReader fields = new AsnReader(list.Der, AsnEncodingRules.DER).ReadSequence();
        ReadOnlyMemory<byte> signed = fields.ReadEncodedValue();
        _ = fields.ReadEncodedValue();
        byte[] signature = fields.ReadBitString(out _);
        return authorities.Any(der =>
        {
            using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(der.Span);
            using ECDsa key = certificate.GetECDsaPublicKey()!;
            string name = Convert.ToHexStringLower(certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single().SubjectKeyIdentifierBytes.Span);
            return name == list.IssuerKeyId && key.VerifyData(signed.Span, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        });
    }

    private X509SvidCertificate Mint()
    {
        using X509Svid svid = _authority.SignX509(new X509SvidRequest { Id = SpiffeId.Parse("spiffe://example.org/agent/review/task/a") });
        return svid.Certificate;
    }
}
