using System.Security.Cryptography;
using System.Text;
using Spiffe.Agent.Identity.Bundles;
using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Tests.TestKit.Identity;

namespace Spiffe.Agent.Tests.Conformance;

/// <summary>JWT-SVID, clauses 56 to 64. The trait is the clause.</summary>
public sealed class JwtSvidClauses : IDisposable
{
    private const string Header = """{"alg":"ES256","kid":"k1","typ":"JWT"}""";
    private const string Claims = """{"sub":"spiffe://example.org/web","aud":["me"],"exp":2000000000}""";

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_999_999_000);

    private readonly TokenForge _forge = new();

    public void Dispose() => _forge.Dispose();

    [Fact]
    [Trait("clause", "60 JWT-SVID §3.1")]
    public void A_good_token_is_accepted_with_its_id_and_claims()
    {
        JwtSvidValidation result = Validate(_forge.Sign(Header, Claims));
        Assert.True(result.IsValid);
        Assert.Equal("spiffe://example.org/web", result.Svid.Id.ToString());
        Assert.Equal(Claims, Encoding.UTF8.GetString(result.Svid.Claims.Span));
    }

    [Theory]
    [Trait("clause", "56 JWT-SVID §1, §5.1")]
    [InlineData("{0}.{1}.{2}.")]
    [InlineData("{0}.{1}")]
    [InlineData("{0}.{1}.")]
    [InlineData(".{1}.{2}")]
    [InlineData("{0}..{2}")]
    [InlineData("{0}.{1}.{2}=")]
    [InlineData("{0}.{1}.{2} ")]
    [InlineData("\n{0}.{1}.{2}")]
    [InlineData("{0}.{1}.{2}.{2}")]
    [InlineData("""{{"protected":"{0}","payload":"{1}","signature":"{2}"}}""")]
    [InlineData("""{{"payload":"{1}","signatures":[{{"protected":"{0}","signature":"{2}"}}]}}""")]
    public void Nothing_but_the_compact_serialization_is_read(string form)
    {
        string[] parts = _forge.Sign(Header, Claims).Split('.');
        Assert.Equal(TokenRule.NotCompact, Validate(string.Format(System.Globalization.CultureInfo.InvariantCulture, form, parts[0], parts[1], parts[2])).Broken);
    }

    [Theory]
    [Trait("clause", "57 JWT-SVID §2")]
    [InlineData("\"jku\":\"https://evil.example\"", TokenRule.HeaderNotAllowed)]
    [InlineData("\"jwk\":{}", TokenRule.HeaderNotAllowed)]
    [InlineData("\"x5u\":\"https://evil.example\"", TokenRule.HeaderNotAllowed)]
    [InlineData("\"x5c\":[]", TokenRule.HeaderNotAllowed)]
    [InlineData("\"cty\":\"JWT\"", TokenRule.HeaderNotAllowed)]
    [InlineData("\"b64\":false", TokenRule.HeaderNotAllowed)]
    [InlineData("\"private\":1", TokenRule.HeaderNotAllowed)]
    [InlineData("\"crit\":[\"b64\"],\"b64\":false", TokenRule.CriticalHeader)]
    [InlineData("\"kid\":\"k1\"", TokenRule.HeaderMalformed)] // twice
    [InlineData("\"\\u006bid\":\"k2\"", TokenRule.HeaderMalformed)] // twice, in disguise
    public void Headers_besides_alg_kid_and_typ_are_refused(string member, TokenRule broken) =>
        Assert.Equal(broken, Validate(_forge.Sign($$"""{"alg":"ES256","kid":"k1",{{member}}}""", Claims)).Broken);

    [Theory]
    [Trait("clause", "58 JWT-SVID §2.1, §4")]
    [InlineData("\"none\"")]
    [InlineData("\"None\"")]
    [InlineData("\"HS256\"")]
    [InlineData("\"es256\"")]
    [InlineData("\"ES256K\"")]
    [InlineData("\"EdDSA\"")]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("[\"ES256\"]")]
    public void Algorithms_outside_the_list_are_refused_before_anything_else(string algorithm) =>
        Assert.Equal(TokenRule.AlgorithmNotAllowed, Validate(_forge.Sign($$"""{"alg":{{algorithm}},"kid":"k1","typ":"x"}""", "no json")).Broken);

    [Theory]
    [Trait("clause", "58 JWT-SVID §2.1")]
    [InlineData("RS256")]
    [InlineData("PS256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    public void The_key_decides_which_algorithms_it_can_be_used_with(string algorithm) =>
        Assert.Equal(TokenRule.AlgorithmMismatch, Validate(_forge.Sign($$"""{"alg":"{{algorithm}}","kid":"k1"}""", Claims)).Broken);

    [Fact]
    [Trait("clause", "58 JWT-SVID §2.1")]
    public void A_public_key_is_no_shared_secret()
    {
        using RSA rsa = RSA.Create(2048);
        Assert.Equal(JwkFault.None, JwsPublicKey.TryCreate(rsa.ExportParameters(false), "k1", null, out JwsPublicKey? key));
        string input = $"{Encode("""{"alg":"HS256","kid":"k1"}""")}.{Encode(Claims)}";
        byte[] mac = HMACSHA256.HashData(rsa.ExportSubjectPublicKeyInfo(), Encoding.ASCII.GetBytes(input));
        BundleSet bundles = new(new TrustBundle(_forge.TrustDomain, [], [key!], []));
        Assert.Equal(TokenRule.AlgorithmNotAllowed, JwtSvidValidator.Validate($"{input}.{System.Buffers.Text.Base64Url.EncodeToString(mac)}", "me", bundles, Now).Broken);
    }

    [Theory]
    [Trait("clause", "59 JWT-SVID §2.3")]
    [InlineData("", TokenRule.None)]
    [InlineData(",\"typ\":\"JWT\"", TokenRule.None)]
    [InlineData(",\"typ\":\"JOSE\"", TokenRule.None)]
    [InlineData(",\"typ\":\"jwt\"", TokenRule.TypeNotAllowed)]
    [InlineData(",\"typ\":\"wit+jwt\"", TokenRule.TypeNotAllowed)]
    [InlineData(",\"typ\":\"at+jwt\"", TokenRule.TypeNotAllowed)]
    [InlineData(",\"typ\":null", TokenRule.HeaderMalformed)]
    public void Typ_is_absent_JWT_or_JOSE(string member, TokenRule broken) =>
        Assert.Equal(broken, Validate(_forge.Sign($$"""{"alg":"ES256","kid":"k1"{{member}}}""", Claims)).Broken);

    [Theory]
    [Trait("clause", "60 JWT-SVID §3.1")]
    [InlineData("", TokenRule.SubjectNotSpiffeId)]
    [InlineData("\"sub\":null,", TokenRule.SubjectNotSpiffeId)]
    [InlineData("\"sub\":\"web\",", TokenRule.SubjectNotSpiffeId)]
    [InlineData("\"sub\":\"spiffe://example.org/a%2Fb\",", TokenRule.SubjectNotSpiffeId)]
    [InlineData("\"sub\":\"spiffe://example.org/../a\",", TokenRule.SubjectNotSpiffeId)]
    [InlineData("\"sub\":\"https://example.org/web\",", TokenRule.SubjectNotSpiffeId)]
    [InlineData("\"sub\":\"spiffe://example.org\",", TokenRule.SubjectWithoutPath)]
    [InlineData("\"sub\":\"spiffe://example.org/a\",\"sub\":\"spiffe://example.org/b\",", TokenRule.ClaimsMalformed)]
    [InlineData("\"sub\":\"spiffe://other.org/web\",", TokenRule.TrustDomainUnknown)]
    public void Sub_is_a_SPIFFE_ID_of_a_workload(string member, TokenRule broken) =>
        Assert.Equal(broken, Validate(_forge.Sign(Header, $$"""{{{member}}"aud":"me","exp":2000000000}""")).Broken);

    [Theory]
    [Trait("clause", "61 JWT-SVID §3.2")]
    [InlineData("\"aud\":\"me\",", TokenRule.None)]
    [InlineData("\"aud\":[\"you\",\"me\"],", TokenRule.None)]
    [InlineData("", TokenRule.AudienceMissing)]
    [InlineData("\"aud\":[],", TokenRule.AudienceMissing)]
    [InlineData("\"aud\":[\"you\"],", TokenRule.AudienceMismatch)]
    [InlineData("\"aud\":[\"ME\"],", TokenRule.AudienceMismatch)]
    [InlineData("\"aud\":[\"me \"],", TokenRule.AudienceMismatch)]
    [InlineData("\"aud\":null,", TokenRule.ClaimsMalformed)]
    [InlineData("\"aud\":[\"me\",1],", TokenRule.ClaimsMalformed)]
    [InlineData("\"aud\":{\"me\":1},", TokenRule.ClaimsMalformed)]
    public void Aud_holds_the_validators_own_value(string member, TokenRule broken) =>
        Assert.Equal(broken, Validate(_forge.Sign(Header, $$"""{{{member}}"sub":"spiffe://example.org/web","exp":2000000000}""")).Broken);

    [Theory]
    [Trait("clause", "62 JWT-SVID §3.3, §4")]
    [InlineData("", TokenRule.ExpiryMissing)]
    [InlineData(",\"exp\":null", TokenRule.ClaimsMalformed)]
    [InlineData(",\"exp\":\"2000000000\"", TokenRule.ClaimsMalformed)]
    [InlineData(",\"exp\":-1", TokenRule.ClaimsMalformed)]
    [InlineData(",\"exp\":1e300", TokenRule.ClaimsMalformed)]
    [InlineData(",\"exp\":1999998940", TokenRule.Expired)] // sixty seconds ago: the leeway is over
    [InlineData(",\"exp\":1999998941", TokenRule.None)]
    [InlineData(",\"exp\":1999999000.5", TokenRule.None)]
    [InlineData(",\"exp\":2000000000,\"nbf\":1999999061", TokenRule.NotYetValid)]
    [InlineData(",\"exp\":2000000000,\"nbf\":1999999060", TokenRule.None)]
    [InlineData(",\"exp\":2000000000,\"iat\":1999999061", TokenRule.IssuedInFuture)]
    [InlineData(",\"exp\":2000000000,\"iat\":\"now\"", TokenRule.ClaimsMalformed)]
    public void Exp_is_there_and_not_past(string member, TokenRule broken) =>
        Assert.Equal(broken, Validate(_forge.Sign(Header, $$"""{"sub":"spiffe://example.org/web","aud":"me"{{member}}}""")).Broken);

    [Fact]
    [Trait("clause", "62 JWT-SVID §3.3")]
    public void Without_leeway_a_token_ends_at_exp() =>
        Assert.Equal(TokenRule.Expired, JwtSvidValidator.Validate(_forge.Sign(Header, Claims), "me", _forge.JwtBundles, DateTimeOffset.FromUnixTimeSeconds(2_000_000_000), TimeSpan.Zero).Broken);

    [Fact]
    [Trait("clause", "64 JWT-SVID §6.2")]
    public void Keys_for_other_svids_are_not_used()
    {
        Assert.Equal(TokenRule.KeyUnknown, JwtSvidValidator.Validate(_forge.Sign(Header, Claims), "me", _forge.WitBundles, Now).Broken);
    }

    [Fact]
    [Trait("clause", "32 Workload API §6.3")]
    public void Keys_of_other_trust_domains_are_never_used()
    {
        using TokenForge other = new("k1", "other.org");
        BundleSet both = new(_forge.JwtBundles.Own, other.JwtBundles.Own);
        Assert.Equal(TokenRule.SignatureInvalid, JwtSvidValidator.Validate(other.Sign(Header, Claims), "me", both, Now).Broken);
        Assert.Equal(TokenRule.SignatureInvalid, JwtSvidValidator.Validate(other.Sign("""{"alg":"ES256"}""", Claims), "me", both, Now).Broken);
    }

    [Fact]
    [Trait("clause", "58 JWT-SVID §2.2")]
    public void A_token_without_kid_is_tried_against_every_key_that_fits_and_one_with_kid_against_that_only()
    {
        using TokenForge second = new("k2");
        using RSA rsa = RSA.Create(2048);
        _ = JwsPublicKey.TryCreate(rsa.ExportParameters(false), "r", null, out JwsPublicKey? rsaKey);
        BundleSet bundles = new(new TrustBundle(_forge.TrustDomain, [], [rsaKey!, _forge.PublicKey, second.PublicKey], []));
        Assert.Equal("k2", JwtSvidValidator.Validate(second.Sign("""{"alg":"ES256"}""", Claims), "me", bundles, Now).Svid?.KeyId);
        Assert.Equal(TokenRule.SignatureInvalid, JwtSvidValidator.Validate(second.Sign(Header, Claims), "me", bundles, Now).Broken);
        Assert.Equal(TokenRule.KeyUnknown, JwtSvidValidator.Validate(second.Sign("""{"alg":"ES256","kid":"K2"}""", Claims), "me", bundles, Now).Broken);
        Assert.Equal(TokenRule.KeyUnknown, JwtSvidValidator.Validate(second.Sign("""{"alg":"ES256","kid":""}""", Claims), "me", bundles, Now).Broken);
    }

    [Fact]
    [Trait("clause", "58 JWT-SVID §4")]
    public void A_changed_byte_anywhere_breaks_the_token()
    {
        string token = _forge.Sign(Header, Claims);
        for (int i = 0; i < token.Length; i += 7)
        {
            char changed = token[i] == 'A' ? 'B' : 'A';
            Assert.False(Validate(string.Concat(token.AsSpan(0, i), [changed], token.AsSpan(i + 1))).IsValid);
        }
    }

    [Fact]
    [Trait("clause", "58 JWT-SVID §4")]
    public void Ambiguous_or_oversized_claims_are_refused()
    {
        Assert.Equal(TokenRule.ClaimsMalformed, Validate(_forge.Sign(Header, """{"sub":"spiffe://example.org/web","aud":"me","exp":2000000000,"x":{"a":1,"a":2}}""")).Broken);
        Assert.Equal(TokenRule.ClaimsMalformed, Validate(_forge.Sign(Header, """{"sub":"spiffe://example.org/web","aud":"me","exp":2000000000,"x":"\ud800"}""")).Broken);
        Assert.Equal(TokenRule.ClaimsMalformed, Validate(_forge.Sign(Header, Claims[..^1] + ",\"x\":" + new string('[', 40) + new string(']', 40) + "}")).Broken);
        Assert.Equal(TokenRule.ClaimsMalformed, Validate(_forge.Sign(Encoding.UTF8.GetBytes(Header), [0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D])).Broken);
        Assert.Equal(TokenRule.TooLong, Validate(new string('a', 16 * 1024 + 1)).Broken);
    }

    private static string Encode(string text) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private JwtSvidValidation Validate(string token) => JwtSvidValidator.Validate(token, "me", _forge.JwtBundles, Now);
}
