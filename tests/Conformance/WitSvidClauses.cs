using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Tests.TestKit.Identity;

namespace Spiffe.Agent.Tests.Conformance;

/// <summary>WIT-SVID, clauses 65 to 79. The trait is the clause.</summary>
public sealed class WitSvidClauses : IDisposable
{
    private const string Header = """{"alg":"ES256","kid":"k1","typ":"wit+jwt"}""";
    private const string Point = "\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"rzP7mLCKAHWmsM6X0EwVISC_hI3ujcu95ffUkyeDGGo\",\"y\":\"uOrfDljtX9m3jY-hsyhLJYaxtGkzDv5e5kmCe58Z97g\"";
    private const string Confirmation = "\"cnf\":{\"jwk\":{\"alg\":\"ES256\"," + Point + "}}";

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_999_999_000);

    private readonly TokenForge _forge = new();

    public void Dispose() => _forge.Dispose();

    [Fact]
    [Trait("clause", "69 WIT-SVID §3.1")]
    public void A_good_token_is_accepted_with_its_holder_key()
    {
        WitSvidValidation result = Validate(Header, "");
        Assert.True(result.IsValid);
        Assert.Equal("spiffe://example.org/web", result.Svid.Id.ToString());
        Assert.Equal(JwsAlgorithm.ES256, result.Svid.HolderKey.Algorithm);
        Assert.Null(result.Svid.PrivateKeyJwk);
    }

    [Theory]
    [Trait("clause", "65 WIT-SVID §2.1")]
    [InlineData("""{"alg":"ES256","typ":"wit+jwt"}""", TokenRule.KeyIdMissing)]
    [InlineData("""{"alg":"ES256","kid":"","typ":"wit+jwt"}""", TokenRule.KeyIdMissing)]
    [InlineData("""{"alg":"ES256","kid":"K1","typ":"wit+jwt"}""", TokenRule.KeyUnknown)]
    public void Kid_is_there_and_case_sensitive(string header, TokenRule broken) => Assert.Equal(broken, Validate(header, "").Broken);

    [Theory]
    [Trait("clause", "66 WIT-SVID §2.2")]
    [InlineData("""{"alg":"ES256","kid":"k1"}""")]
    [InlineData("""{"alg":"ES256","kid":"k1","typ":"JWT"}""")]
    [InlineData("""{"alg":"ES256","kid":"k1","typ":"WIT+JWT"}""")]
    public void Typ_is_wit_jwt(string header) => Assert.Equal(TokenRule.TypeNotAllowed, Validate(header, "").Broken);

    [Theory]
    [Trait("clause", "67 WIT-SVID §2.3")]
    [InlineData("none")]
    [InlineData("HS256")]
    [InlineData("EdDSA")]
    public void Algorithms_outside_the_list_are_refused(string algorithm) =>
        Assert.Equal(TokenRule.AlgorithmNotAllowed, Validate($$"""{"alg":"{{algorithm}}","kid":"k1","typ":"wit+jwt"}""", "").Broken);

    [Theory]
    [Trait("clause", "68 WIT-SVID §2.4")]
    [InlineData("\"other\":{\"a\":1}", TokenRule.None)]
    [InlineData("\"crit\":[\"other\"],\"other\":1", TokenRule.CriticalHeader)]
    [InlineData("\"crit\":[]", TokenRule.CriticalHeader)]
    public void Unknown_headers_are_ignored_unless_critical(string member, TokenRule broken) =>
        Assert.Equal(broken, Validate($$"""{"alg":"ES256","kid":"k1","typ":"wit+jwt",{{member}}}""", "").Broken);

    [Theory]
    [Trait("clause", "70 WIT-SVID §3.2")]
    [InlineData("\"x\":1")]
    [InlineData("\"cnf\":null")]
    [InlineData("\"cnf\":{}")]
    [InlineData("\"cnf\":{\"kid\":\"x\"}")]
    [InlineData("\"cnf\":{\"jwk\":\"x\"}")]
    [InlineData("\"cnf\":{\"jwk\":{" + Point + "}}")] // no alg
    [InlineData("\"cnf\":{\"jwk\":{\"alg\":\"ES384\"," + Point + "}}")] // one that does not fit
    [InlineData("\"cnf\":{\"jwk\":{\"alg\":\"HS256\"," + Point + "}}")]
    [InlineData("\"cnf\":{\"jwk\":{\"alg\":\"ES256\",\"d\":\"AA\"," + Point + "}}")] // a private key
    [InlineData("\"cnf\":{\"jwk\":{\"alg\":\"HS256\",\"kty\":\"oct\",\"k\":\"AA\"}}")]
    public void Cnf_holds_a_public_key_with_a_permitted_alg(string confirmation) =>
        Assert.Equal(TokenRule.ConfirmationKey, Validate(Header, "", confirmation).Broken);

    [Theory]
    [Trait("clause", "72 WIT-SVID §3.4")]
    [InlineData("", TokenRule.ExpiryMissing)]
    [InlineData("1999998940", TokenRule.Expired)]
    [InlineData("1999998941", TokenRule.None)]
    [InlineData("\"2000000000\"", TokenRule.ClaimsMalformed)]
    public void Exp_is_there_and_not_past(string exp, TokenRule broken)
    {
        string member = exp.Length == 0 ? "" : $"\"exp\":{exp},";
        Assert.Equal(broken, WitSvidValidator.Validate(_forge.Sign(Header, $$"""{{{member}}"sub":"spiffe://example.org/web",{{Confirmation}}}"""), _forge.WitBundles, Now).Broken);
    }

    [Theory]
    [Trait("clause", "73 WIT-SVID §3.5")]
    [InlineData("\"nbf\":1999999000,", TokenRule.None)]
    [InlineData("\"nbf\":1999999001,", TokenRule.NotYetValid)]
    public void Nbf_in_the_future_is_refused_without_leeway(string member, TokenRule broken) => Assert.Equal(broken, Validate(Header, member).Broken);

    [Fact]
    [Trait("clause", "74 WIT-SVID §3.6")]
    public void Iat_bounds_nothing() => Assert.True(Validate(Header, "\"iat\":2000009999,").IsValid);

    [Theory]
    [Trait("clause", "76 WIT-SVID §3.8")]
    [InlineData("\"aud\":\"me\",")]
    [InlineData("\"aud\":[],")]
    public void Aud_is_forbidden(string member) => Assert.Equal(TokenRule.AudienceForbidden, Validate(Header, member).Broken);

    [Fact]
    [Trait("clause", "76 WIT-SVID §3.8")]
    public void Claims_that_are_not_known_are_ignored() => Assert.True(Validate(Header, "\"other\":{\"a\":[1]},").IsValid);

    [Fact]
    [Trait("clause", "77 WIT-SVID §7.1")]
    public void A_WIT_is_no_JWT_and_a_JWT_is_no_WIT()
    {
        string wit = _forge.Sign(Header, $$"""{"sub":"spiffe://example.org/web","aud":"me","exp":2000000000,{{Confirmation}}}""");
        Assert.Equal(TokenRule.TypeNotAllowed, JwtSvidValidator.Validate(wit, "me", _forge.JwtBundles, Now).Broken);
        string jwt = _forge.Sign("""{"alg":"ES256","kid":"k1","typ":"JWT"}""", $$"""{"sub":"spiffe://example.org/web","exp":2000000000,{{Confirmation}}}""");
        Assert.Equal(TokenRule.TypeNotAllowed, WitSvidValidator.Validate(jwt, _forge.WitBundles, Now).Broken);
    }

    [Fact]
    [Trait("clause", "79 WIT-SVID §6.2")]
    public void Keys_for_other_svids_are_not_used() =>
        Assert.Equal(TokenRule.KeyUnknown, WitSvidValidator.Validate(_forge.Sign(Header, $$"""{"sub":"spiffe://example.org/web","exp":2000000000,{{Confirmation}}}"""), _forge.JwtBundles, Now).Broken);

    private WitSvidValidation Validate(string header, string members, string confirmation = Confirmation) =>
        WitSvidValidator.Validate(_forge.Sign(header, $$"""{"sub":"spiffe://example.org/web",{{members}}"exp":2000000000,{{confirmation}}}"""), _forge.WitBundles, Now);
}
