using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Spiffe.Agent.Authority;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Identity.Bundles;
using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Identity.X509;

namespace Spiffe.Agent.Tests.Unit.Authority;

public class EmbeddedAuthoritySigningTests
{
    private static readonly SpiffeId Web = SpiffeId.Parse("spiffe://example.org/web");

    private readonly HandClock _clock = new();

    [Theory]
    [InlineData(KeyType.Ec256)]
    [InlineData(KeyType.Ec384)]
    [InlineData(KeyType.Rsa2048)]
    public void Each_kind_of_key_makes_svids_whose_private_half_fits(KeyType type)
    {
        using EmbeddedAuthority authority = New(type);
        BundleSet bundles = new(authority.Bundle);
        using X509Svid x509 = authority.SignX509(new X509SvidRequest { Id = Web });
        Assert.True(X509SvidValidator.Validate(x509.Chain, bundles, _clock.Now).IsValid);
        using X509Certificate2 leaf = X509CertificateLoader.LoadCertificate(x509.Chain.Span);
        Assert.Equal(leaf.PublicKey.ExportSubjectPublicKeyInfo(), x509.PrivateKey.Reveal(pkcs8 => PublicHalf(pkcs8, type)));

        using WitSvid wit = authority.SignWit(new WitSvidRequest { Id = Web });
        WitSvidValidation checkedWit = WitSvidValidator.Validate(wit.Token, bundles, _clock.Now);
        Assert.True(checkedWit.IsValid);
        Assert.Equal(wit.HolderKey.Thumbprint, checkedWit.Svid.HolderKey.Thumbprint);
        Assert.True(checkedWit.Svid.HolderKey.Verify(wit.HolderKey.Algorithm!.Value, "proof"u8, wit.PrivateKeyJwk!.Reveal(jwk => SignWith(jwk, type))));
        Assert.True(JwtSvidValidator.Validate(authority.SignJwt(new JwtSvidRequest { Id = Web, Audience = ["a"] }).Token, "a", bundles, _clock.Now).IsValid);
    }

    [Fact]
    public void Jwt_claims_are_what_was_asked_for()
    {
        using EmbeddedAuthority authority = new(new AuthorityOptions { TrustDomain = TrustDomain.Parse("example.org"), JwtIssuer = "https://id.example.org" }, _clock);
        JwtSvid svid = authority.SignJwt(new JwtSvidRequest { Id = Web, Audience = ["a", "b", "a"], Claims = [new ExtraClaim("task", "{\"n\":1}"u8.ToArray())] });
        using JsonDocument claims = JsonDocument.Parse(svid.Claims);
        JsonElement root = claims.RootElement;
        Assert.Equal(["iss", "sub", "aud", "iat", "exp", "jti", "task"], root.EnumerateObject().Select(m => m.Name));
        Assert.Equal("https://id.example.org", root.GetProperty("iss").GetString());
        Assert.Equal(["a", "b"], root.GetProperty("aud").EnumerateArray().Select(v => v.GetString()!));
        Assert.Equal(300, root.GetProperty("exp").GetInt64() - root.GetProperty("iat").GetInt64());
        Assert.Equal(1, root.GetProperty("task").GetProperty("n").GetInt32());
    }

    [Theory]
    [InlineData("sub", "1")]
    [InlineData("cnf", "1")]
    [InlineData("", "1")]
    [InlineData("x", "")]
    [InlineData("x", "{\"a\":1,\"a\":2}")]
    [InlineData("x", "1,\"sub\":2")]
    public void Extra_claims_cannot_speak_for_the_authority(string name, string json)
    {
        using EmbeddedAuthority authority = New();
        JwtSvidRequest request = new() { Id = Web, Audience = ["a"], Claims = [new ExtraClaim(name, Encoding.UTF8.GetBytes(json))] };
        Assert.ThrowsAny<ArgumentException>(() => authority.SignJwt(request));
        Assert.True(JwtSvidValidator.Validate(authority.SignJwt(request with { Claims = [] }).Token, "a", new BundleSet(authority.Bundle), _clock.Now).IsValid);
    }

    [Fact]
    public void Repeated_extra_claims_and_tokens_too_long_are_refused()
    {
        using EmbeddedAuthority authority = New();
        ExtraClaim claim = new("x", "1"u8.ToArray());
        Assert.Throws<ArgumentException>(() => authority.SignJwt(new JwtSvidRequest { Id = Web, Audience = ["a"], Claims = [claim, claim] }));
        Assert.Throws<ArgumentException>(() => authority.SignJwt(new JwtSvidRequest { Id = Web, Audience = [new string('a', 20_000)] }));
    }

    [Theory]
    [InlineData("spiffe://other.org/web")]
    [InlineData("spiffe://example.org")]
    public void Ids_that_are_not_workloads_of_this_trust_domain_are_refused(string id)
    {
        using EmbeddedAuthority authority = New();
        SpiffeId foreign = SpiffeId.Parse(id);
        Assert.Throws<ArgumentException>(() => authority.SignX509(new X509SvidRequest { Id = foreign }));
        Assert.Throws<ArgumentException>(() => authority.SignJwt(new JwtSvidRequest { Id = foreign, Audience = ["a"] }));
        Assert.Throws<ArgumentException>(() => authority.SignWit(new WitSvidRequest { Id = foreign }));
    }

    [Fact]
    public void A_callers_public_key_is_certified_and_junk_is_not()
    {
        using EmbeddedAuthority authority = New();
        using ECDsa held = ECDsa.Create(ECCurve.NamedCurves.nistP521);
        X509SvidCertificate svid = authority.SignX509(new X509SvidRequest { Id = Web }, held.ExportSubjectPublicKeyInfo());
        using X509Certificate2 leaf = X509CertificateLoader.LoadCertificate(svid.Chain.Span);
        Assert.Equal(held.ExportSubjectPublicKeyInfo(), leaf.PublicKey.ExportSubjectPublicKeyInfo());
        using RSA small = RSA.Create(1024);
        Assert.Throws<ArgumentException>(() => authority.SignX509(new X509SvidRequest { Id = Web }, small.ExportSubjectPublicKeyInfo()));
        Assert.Throws<ArgumentException>(() => authority.SignX509(new X509SvidRequest { Id = Web }, new byte[] { 0x30, 0x00 }));
        Assert.Throws<ArgumentException>(() => authority.SignX509(new X509SvidRequest { Id = Web }, (byte[])[.. held.ExportSubjectPublicKeyInfo(), 0]));
    }

    [Fact]
    public void Serial_numbers_are_long_positive_and_never_the_same()
    {
        using EmbeddedAuthority authority = New();
        HashSet<string> seen = [];
        for (int i = 0; i < 50; i++)
        {
            using X509Svid svid = authority.SignX509(new X509SvidRequest { Id = Web });
            Assert.Equal(32, svid.SerialNumber.Length);
            Assert.InRange(svid.SerialNumber[0], '4', '7');
            Assert.True(seen.Add(svid.SerialNumber));
        }
    }

    [Fact]
    public void Certificates_begin_a_little_before_they_are_signed_but_not_before_their_issuer()
    {
        using EmbeddedAuthority authority = New();
        _clock.Move(TimeSpan.FromMinutes(5));
        using X509Svid svid = authority.SignX509(new X509SvidRequest { Id = Web });
        Assert.Equal(_clock.Now.AddSeconds(-10), svid.NotBefore);
        Assert.Equal(_clock.Now.AddHours(1), svid.NotAfter);
    }

    [Fact]
    public void Secrets_do_not_print()
    {
        using EmbeddedAuthority authority = New();
        using X509Svid x509 = authority.SignX509(new X509SvidRequest { Id = Web });
        JwtSvid jwt = authority.SignJwt(new JwtSvidRequest { Id = Web, Audience = ["a"] });
        Assert.Equal("[redacted]", x509.PrivateKey.ToString());
        Assert.DoesNotContain(jwt.Token, jwt.ToString(), StringComparison.Ordinal);
    }

    private EmbeddedAuthority New(KeyType type = KeyType.Ec256) => new(
        new AuthorityOptions { TrustDomain = TrustDomain.Parse("example.org"), CaKeyType = type, TokenKeyType = type, WorkloadKeyType = type }, _clock);

    private static byte[] PublicHalf(ReadOnlySpan<byte> pkcs8, KeyType type)
    {
        using AsymmetricAlgorithm key = type == KeyType.Rsa2048 ? RSA.Create() : ECDsa.Create();
        key.ImportPkcs8PrivateKey(pkcs8, out int read);
        Assert.Equal(pkcs8.Length, read);
        return key.ExportSubjectPublicKeyInfo();
    }

    private static byte[] SignWith(ReadOnlySpan<byte> jwk, KeyType type)
    {
        using JsonDocument document = JsonDocument.Parse(jwk.ToArray());
        byte[] Number(string name) => System.Buffers.Text.Base64Url.DecodeFromChars(document.RootElement.GetProperty(name).GetString());
        if (type == KeyType.Rsa2048)
        {
            using RSA rsa = RSA.Create(new RSAParameters
            {
                Modulus = Number("n"),
                Exponent = Number("e"),
                D = Number("d"),
                P = Number("p"),
                Q = Number("q"),
                DP = Number("dp"),
                DQ = Number("dq"),
                InverseQ = Number("qi"),
            });
            return rsa.SignData("proof"u8.ToArray(), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }

        ECCurve curve = type == KeyType.Ec256 ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384;
        using ECDsa ec = ECDsa.Create(new ECParameters { Curve = curve, D = Number("d"), Q = new ECPoint { X = Number("x"), Y = Number("y") } });
        return ec.SignData("proof"u8.ToArray(), type == KeyType.Ec256 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA384);
    }
}
