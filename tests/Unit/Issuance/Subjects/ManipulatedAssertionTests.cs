using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Issuance.Subjects;
using Spiffe.Agent.Tests.TestKit.Identity;

namespace Spiffe.Agent.Tests.Unit.Issuance.Subjects;

/// <summary>The known ways to talk a verifier into a token (RFC 8725 §2), each against an issuer whose key and claims are otherwise right.</summary>
public sealed class ManipulatedAssertionTests : IDisposable
{
    private readonly SubjectWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("nOnE")]
    [InlineData("")]
    public void An_unsigned_assertion_is_refused(string algorithm)
    {
        string input = $"{Encoded($$"""{"alg":"{{algorithm}}"}""")}.{Encoded(_world.Claims())}";

        Assert.Equal(SubjectRefusal.NotCompact, _world.Verify(input + ".").Refusal);
        Assert.Equal(SubjectRefusal.AlgorithmNotAllowed, _world.Verify(input + ".AA").Refusal);
    }

    [Fact]
    public void The_public_key_is_no_secret_to_sign_with()
    {
        // The classic: HS256 with the text of the public key as the secret. A verifier that lets the header choose would accept it.
        string input = $"{Encoded("""{"alg":"HS256","kid":"k1"}""")}.{Encoded(_world.Claims())}";
        byte[] forged = HMACSHA256.HashData(Encoding.UTF8.GetBytes(_world.Forge.Jwk), Encoding.ASCII.GetBytes(input));

        Assert.Equal(SubjectRefusal.AlgorithmNotAllowed, _world.Verify($"{input}.{Base64Url.EncodeToString(forged)}").Refusal);
    }

    [Fact]
    public void An_algorithm_that_is_not_the_keys_is_refused()
    {
        Assert.Equal(SubjectRefusal.AlgorithmMismatch, _world.Verify(_world.Forge.Sign("""{"alg":"RS256","kid":"k1"}""", _world.Claims())).Refusal);
        Assert.Equal(SubjectRefusal.AlgorithmMismatch, _world.Verify(_world.Forge.Sign("""{"alg":"ES384","kid":"k1"}""", _world.Claims())).Refusal);
        Assert.Equal(SubjectRefusal.KeyUnknown, _world.Verify(_world.Forge.Sign("""{"alg":"PS512"}""", _world.Claims())).Refusal);
    }

    [Fact]
    public void An_algorithm_that_the_issuer_may_not_use_is_refused_though_its_key_could()
    {
        using SubjectWorld world = new(JwsAlgorithm.RS256, issuer => issuer with { Algorithms = [JwsAlgorithm.PS256] });

        Assert.Equal(SubjectRefusal.AlgorithmNotAllowed, world.Verify(world.Forge.Sign(world.Claims())).Refusal);
    }

    [Fact]
    public void A_key_that_the_token_brings_along_is_not_looked_at()
    {
        using AssertionForge attacker = new();

        Assert.Equal(SubjectRefusal.SignatureInvalid, _world.Verify(attacker.Sign($$"""{"alg":"ES256","kid":"k1","jwk":{{attacker.Jwk}}}""", _world.Claims())).Refusal);
        Assert.Equal(SubjectRefusal.SignatureInvalid, _world.Verify(attacker.Sign("""{"alg":"ES256","kid":"k1","jku":"https://evil.example/jwks"}""", _world.Claims())).Refusal);
        Assert.Equal(SubjectRefusal.SignatureInvalid, _world.Verify(attacker.Sign("""{"alg":"ES256","jku":"https://evil.example/jwks"}""", _world.Claims())).Refusal);
    }

    [Theory]
    [InlineData("""{"alg":"ES256","kid":"k2"}""", SubjectRefusal.KeyUnknown)]
    [InlineData("""{"alg":"ES256","kid":"K1"}""", SubjectRefusal.KeyUnknown)]
    [InlineData("""{"alg":"ES256","kid":"../../dev/null"}""", SubjectRefusal.KeyUnknown)]
    [InlineData("""{"alg":"ES256","kid":["k1"]}""", SubjectRefusal.HeaderMalformed)]
    [InlineData("""{"alg":"ES256","kid":null}""", SubjectRefusal.HeaderMalformed)]
    [InlineData("""{"alg":"ES256","kid":"k1","kid":"k1"}""", SubjectRefusal.HeaderMalformed)]
    [InlineData("""{"alg":"ES256","alg":"none","kid":"k1"}""", SubjectRefusal.HeaderMalformed)]
    [InlineData("""{"alg":"ES256","kid":"k1","crit":["exp"]}""", SubjectRefusal.CriticalHeader)]
    [InlineData("""{"alg":"ES256","kid":"k1","crit":[]}""", SubjectRefusal.CriticalHeader)]
    [InlineData("""{"alg":"ES256","kid":"k1","b64":false,"crit":["b64"]}""", SubjectRefusal.CriticalHeader)]
    [InlineData("""{"alg":"ES256","kid":"k1","b64":false}""", SubjectRefusal.CriticalHeader)]
    [InlineData("""{"alg":"ES256","kid":"k1","typ":"at+jwt"}""", SubjectRefusal.TypeNotAllowed)]
    [InlineData("""{"alg":"ES256","kid":"k1","typ":"logout+jwt"}""", SubjectRefusal.TypeNotAllowed)]
    [InlineData("""{"alg":"ES256","kid":"k1","typ":"wit+jwt"}""", SubjectRefusal.TypeNotAllowed)]
    [InlineData("""["ES256"]""", SubjectRefusal.HeaderMalformed)]
    [InlineData("""{"alg":"ES256","kid":"k1"}x""", SubjectRefusal.HeaderMalformed)]
    public void A_header_that_says_something_else_is_refused_though_it_is_well_signed(string header, SubjectRefusal refusal) =>
        Assert.Equal(refusal, _world.Verify(_world.Forge.Sign(header, _world.Claims())).Refusal);

    [Fact]
    public void A_claim_that_is_there_twice_is_refused_though_it_is_well_signed()
    {
        Assert.Equal(SubjectRefusal.ClaimsMalformed, _world.Verify(_world.Forge.Sign(_world.Claims(more: ""","sub":"repo:evil/evil" """))).Refusal);
        Assert.Equal(SubjectRefusal.ClaimsMalformed, _world.Verify(_world.Forge.Sign(_world.Claims(more: ""","s\u0075b":"repo:evil/evil" """))).Refusal);
        Assert.Equal(SubjectRefusal.ClaimsMalformed, _world.Verify(_world.Forge.Sign(_world.Claims(more: ""","x":{"a":1,"a":2}"""))).Refusal);
    }

    [Theory]
    [InlineData(""" "sub":7 """)]
    [InlineData(""" "iss":["https://ci.example.org"] """)]
    [InlineData(""" "jti":7 """)]
    [InlineData(""" "jti":"" """)]
    [InlineData(""" "exp":"9999999999" """)]
    [InlineData(""" "iat":-1 """)]
    [InlineData(""" "nbf":null """)]
    public void A_registered_claim_of_the_wrong_type_is_malformed_and_not_absent(string claim) =>
        Assert.Equal(SubjectRefusal.ClaimsMalformed, _world.Verify(_world.Forge.Sign($$"""{ {{claim}} }""")).Refusal);

    [Fact]
    public void A_logout_token_is_no_assertion()
    {
        // OpenID Connect Back-Channel Logout §2.4: the same key, iss, sub, aud, iat, exp and jti as an ID token; only the events tell them apart.
        const string Events = ""","events":{"http://schemas.openid.net/event/backchannel-logout":{}}""";

        Assert.Equal(SubjectRefusal.TypeNotAllowed, _world.Verify(_world.Forge.Sign(_world.Claims(more: Events))).Refusal);
    }

    [Fact]
    public void One_issuers_key_does_not_vouch_for_another()
    {
        using AssertionForge other = new();
        SubjectIssuer second = _world.Said with { Issuer = "https://people.example.org", Keys = [other.PublicKey] };
        SubjectVerifier verifier = new(new SubjectOptions { Issuers = [_world.Said, second] }, _world.Time, Microsoft.Extensions.Logging.Abstractions.NullLogger<SubjectVerifier>.Instance);
        string claims = _world.Claims().Replace(SubjectWorld.Issuer, "https://people.example.org", StringComparison.Ordinal);

        Assert.Equal(SubjectRefusal.SignatureInvalid, verifier.Verify(_world.Forge.Sign(claims), []).Refusal); // both keys are called k1
        Assert.True(verifier.Verify(other.Sign(claims), []).IsAccepted);
    }

    [Fact]
    public void An_oversized_assertion_is_refused_before_it_is_read()
    {
        string token = _world.Forge.Sign(_world.Claims(more: $",\"x\":\"{new string('a', 16 * 1024)}\""));

        Assert.Equal(SubjectRefusal.TooLong, _world.Verify(token).Refusal);
        Assert.Equal(SubjectRefusal.SubjectMalformed, _world.Verify(_world.Forge.Sign(_world.Claims().Replace("repo:a/b", new string('a', 1025), StringComparison.Ordinal))).Refusal);
        Assert.Equal(SubjectRefusal.SubjectMalformed, _world.Verify(_world.Forge.Sign(_world.Claims().Replace("repo:a/b", "a\\u202eb", StringComparison.Ordinal))).Refusal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("...")]
    [InlineData("a.b")]
    [InlineData("a.b.c.d")]
    [InlineData("{\"payload\":\"x\"}")]
    public void What_is_no_compact_jws_is_refused(string token) => Assert.Equal(SubjectRefusal.NotCompact, _world.Verify(token).Refusal);

    private static string Encoded(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
