using System.Collections.Immutable;
using System.Text;
using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Tests.TestKit.Identity;

namespace Spiffe.Agent.Tests.Unit.Identity;

/// <summary>Key sets as providers publish them, and as they must not.</summary>
public sealed class JwkSetReaderTests : IDisposable
{
    private readonly AssertionForge _ec = new(JwsAlgorithm.ES256, "ec");
    private readonly AssertionForge _rsa = new(JwsAlgorithm.RS256, "rsa");

    public void Dispose()
    {
        _ec.Dispose();
        _rsa.Dispose();
    }

    [Fact]
    public void Keys_that_check_signatures_are_read_and_others_passed_over()
    {
        // RFC 7517 §5: what is not understood is ignored.
        string set = $$"""
            {"keys":[{{_ec.Jwk}},{{_rsa.Jwk}},
              {"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
              {"kty":"EC","crv":"secp256k1","x":"AA","y":"AA"},
              {"kty":"RSA","use":"enc","alg":"RSA-OAEP","kid":"e","n":"AQAB","e":"AQAB"},
              {"kty":"RSA","key_ops":["encrypt"],"kid":"f","n":"AQAB","e":"AQAB"}],
             "next":"whatever"}
            """;

        Assert.Equal(JwkSetFault.None, Read(set, out ImmutableArray<JwsPublicKey> keys));
        Assert.Equal(["ec", "rsa"], keys.Select(key => key.KeyId));
    }

    [Theory]
    [InlineData("", JwkSetFault.NotJson)]
    [InlineData("[]", JwkSetFault.NotJson)]
    [InlineData("""{"keys":[],"keys":[]}""", JwkSetFault.NotJson)]
    [InlineData("""{}""", JwkSetFault.KeysMissing)]
    [InlineData("""{"keys":{}}""", JwkSetFault.KeysMissing)]
    [InlineData("""{"keys":["EC"]}""", JwkSetFault.KeysMissing)]
    [InlineData("""{"keys":[]}""", JwkSetFault.NoUsableKey)]
    [InlineData("""{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}""", JwkSetFault.PrivateMember)]
    [InlineData("""{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]}""", JwkSetFault.KeyMalformed)]
    [InlineData("""{"keys":[{"kty":"RSA","n":"gw","e":"AQAB"}]}""", JwkSetFault.KeyMalformed)]
    public void A_set_that_cannot_be_trusted_is_refused_whole(string set, JwkSetFault fault)
    {
        Assert.Equal(fault, Read(set, out ImmutableArray<JwsPublicKey> keys));
        Assert.Empty(keys);
    }

    [Fact]
    public void Two_keys_of_one_name_are_refused()
    {
        using AssertionForge other = new(JwsAlgorithm.ES256, "ec");

        Assert.Equal(JwkSetFault.KeyIdRepeated, Read($$"""{"keys":[{{_ec.Jwk}},{{other.Jwk}}]}""", out _));
    }

    [Fact]
    public void A_set_is_bounded_in_keys_and_bytes()
    {
        string many = string.Join(',', Enumerable.Repeat("""{"kty":"OKP"}""", JwkSetReader.MaxKeys + 1));

        Assert.Equal(JwkSetFault.TooManyKeys, Read($$"""{"keys":[{{many}}]}""", out _));
        Assert.Equal(JwkSetFault.TooLong, Read(new string(' ', JwkSetReader.MaxLength + 1), out _));
    }

    private static JwkSetFault Read(string text, out ImmutableArray<JwsPublicKey> keys) => JwkSetReader.TryRead(Encoding.UTF8.GetBytes(text), out keys);
}
