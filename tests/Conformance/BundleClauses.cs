using System.Text;
using System.Text.Json;
using Spiffe.Agent.Authority;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Identity.Bundles;
using Spiffe.Agent.Tests.TestKit.Identity;

namespace Spiffe.Agent.Tests.Conformance;

/// <summary>SPIFFE bundles: clauses 54, 55, 63, 78, 79 and 81 to 86. The trait is the clause.</summary>
public sealed class BundleClauses
{
    private const string Point = "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"rzP7mLCKAHWmsM6X0EwVISC_hI3ujcu95ffUkyeDGGo\",\"y\":\"uOrfDljtX9m3jY-hsyhLJYaxtGkzDv5e5kmCe58Z97g\"";

    private static readonly TrustDomain Domain = TrustDomain.Parse("example.org");

    [Fact]
    [Trait("clause", "54, 63, 78 X509-SVID §6.1, JWT-SVID §6.1, WIT-SVID §6.1")]
    public void What_is_published_has_use_and_kid_as_each_kind_demands()
    {
        using EmbeddedAuthority authority = new(new AuthorityOptions { TrustDomain = Domain }, TimeProvider.System);
        using JsonDocument document = JsonDocument.Parse(authority.Bundle.Document);
        JsonElement[] keys = [.. document.RootElement.GetProperty("keys").EnumerateArray()];
        Assert.Equal(["x509-svid", "jwt-svid", "wit-svid"], keys.Select(k => k.GetProperty("use").GetString()!));
        Assert.False(keys[0].TryGetProperty("kid", out _));
        Assert.Equal(authority.Bundle.X509Der.ToArray(), Assert.Single(keys[0].GetProperty("x5c").EnumerateArray()).GetBytesFromBase64());
        Assert.NotEqual(keys[1].GetProperty("kid").GetString(), keys[2].GetProperty("kid").GetString());
        Assert.All(keys, k => Assert.False(k.TryGetProperty("d", out _)));
        Assert.True(document.RootElement.GetProperty("spiffe_sequence").TryGetInt64(out _));
        Assert.Equal(8640, document.RootElement.GetProperty("spiffe_refresh_hint").GetInt64());
    }

    [Fact]
    [Trait("clause", "30 Workload API §6.2.2, §7.2.2")]
    public void Key_sets_of_the_workload_api_hold_one_kind_of_key_with_kid_and_use()
    {
        using EmbeddedAuthority authority = new(new AuthorityOptions { TrustDomain = Domain }, TimeProvider.System);
        foreach ((ReadOnlyMemory<byte> set, string use, string kid) in new[]
        {
            (authority.Bundle.JwtKeySet, "jwt-svid", authority.Bundle.JwtKeys[0].KeyId),
            (authority.Bundle.WitKeySet, "wit-svid", authority.Bundle.WitKeys[0].KeyId),
        })
        {
            using JsonDocument document = JsonDocument.Parse(set);
            JsonElement key = Assert.Single(document.RootElement.GetProperty("keys").EnumerateArray());
            Assert.Equal(use, key.GetProperty("use").GetString());
            Assert.Equal(kid, key.GetProperty("kid").GetString());
        }
    }

    [Fact]
    [Trait("clause", "55 X509-SVID §6.2")]
    public void Entries_without_x5c_are_ignored_and_so_are_values_behind_the_first()
    {
        using CertificateForge forge = new(TimeProvider.System.GetUtcNow());
        TrustBundle one = new(Domain, [forge.Authority], [], []);
        string document = Encoding.UTF8.GetString(one.Document.Span);
        string twice = document.Replace("\"]", "\",\"not even base64\"]", StringComparison.Ordinal);
        Assert.True(one.HasSameKeys(Read(twice)));
        Assert.Empty(Read($$"""{"keys":[{{{Point}},"use":"x509-svid"},{{{Point}},"use":"x509-svid","x5c":[]}]}""").X509Authorities);
    }

    [Fact]
    [Trait("clause", "54 X509-SVID §6.1")]
    public void A_certificate_that_is_no_CA_or_not_of_the_shown_key_is_refused()
    {
        using CertificateForge forge = new(TimeProvider.System.GetUtcNow());
        string leaf = Convert.ToBase64String(forge.Sign(CertificateForge.GoodLeaf()));
        Refused($$"""{"keys":[{{{Point}},"use":"x509-svid","x5c":["{{leaf}}"]}]}""", BundleFault.CertificateMalformed);
        Refused($$"""{"keys":[{{{Point}},"use":"x509-svid","x5c":["{{Convert.ToBase64String(forge.Authority)}}"]}]}""", BundleFault.CertificateMismatch);
        Refused($$"""{"keys":[{{{Point}},"use":"x509-svid","x5c":["AAAA"]}]}""", BundleFault.CertificateMalformed);
    }

    [Theory]
    [Trait("clause", "81 Trust Domain and Bundle §4.1.1")]
    [InlineData("18446744073709551615", BundleFault.None)]
    [InlineData("0", BundleFault.None)]
    [InlineData("18446744073709551616", BundleFault.Sequence)]
    [InlineData("-1", BundleFault.Sequence)]
    [InlineData("1.5", BundleFault.Sequence)]
    [InlineData("\"1\"", BundleFault.Sequence)]
    [InlineData("null", BundleFault.Sequence)]
    public void The_sequence_is_an_integer(string value, BundleFault fault) => Expect($$"""{"spiffe_sequence":{{value}},"keys":[]}""", fault);

    [Theory]
    [Trait("clause", "82 Trust Domain and Bundle §4.1.2")]
    [InlineData("300", BundleFault.None)]
    [InlineData("9223372036854775807", BundleFault.None)]
    [InlineData("-1", BundleFault.RefreshHint)]
    [InlineData("0.5", BundleFault.RefreshHint)]
    [InlineData("\"300\"", BundleFault.RefreshHint)]
    public void The_refresh_hint_is_an_integer_of_seconds(string value, BundleFault fault) => Expect($$"""{"spiffe_refresh_hint":{{value}},"keys":[]}""", fault);

    [Fact]
    [Trait("clause", "83 Trust Domain and Bundle §4.1.3")]
    public void Keys_are_required_and_may_be_none()
    {
        Refused("{}", BundleFault.KeysMissing);
        Refused("""{"keys":null}""", BundleFault.KeysMissing);
        Refused("""{"keys":[1]}""", BundleFault.KeysMissing);
        TrustBundle revoked = Read("""{"keys":[]}""");
        Assert.Empty(revoked.X509Authorities);
        Assert.Empty(revoked.JwtKeys);
    }

    [Theory]
    [Trait("clause", "84 Trust Domain and Bundle §4.2.1, §4.2.2")]
    [InlineData("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AA\",\"kid\":\"a\",\"use\":\"jwt-svid\"}")]
    [InlineData("{\"use\":\"jwt-svid\",\"kid\":\"a\"}")]
    [InlineData("{" + Point + ",\"kid\":\"a\"}")]
    [InlineData("{" + Point + ",\"kid\":\"a\",\"use\":\"sig\"}")]
    [InlineData("{" + Point + ",\"kid\":\"a\",\"use\":\"JWT-SVID\"}")]
    public void Unknown_kinds_and_uses_are_ignored(string key)
    {
        TrustBundle bundle = Read($$"""{"keys":[{{key}},{{{Point}},"kid":"good","use":"jwt-svid"}]}""");
        Assert.Equal("good", Assert.Single(bundle.JwtKeys).KeyId);
    }

    [Fact]
    [Trait("clause", "85 Trust Domain and Bundle §4.1")]
    public void Parameters_that_are_not_known_do_no_harm() =>
        Assert.Single(Read($$"""{"more":{"a":[]},"keys":[{{{Point}},"kid":"a","use":"jwt-svid","more":1}]}""").JwtKeys);

    [Fact]
    [Trait("clause", "86 Trust Domain and Bundle §6.3")]
    public void Repeated_names_are_refused()
    {
        Refused("""{"keys":[],"keys":[]}""", BundleFault.NotJson);
        Refused("""{"keys":[{"kty":"EC","kty":"RSA"}]}""", BundleFault.NotJson);
    }

    [Fact]
    [Trait("clause", "63, 78, 79 JWT-SVID §6.1, WIT-SVID §6.1, §6.2")]
    public void Token_keys_need_a_kid_of_their_own_and_go_where_their_use_says()
    {
        Refused($$"""{"keys":[{{{Point}},"use":"jwt-svid"}]}""", BundleFault.KeyIdMissing);
        Refused($$"""{"keys":[{{{Point}},"use":"wit-svid","kid":""}]}""", BundleFault.KeyIdMissing);
        Refused($$"""{"keys":[{{{Point}},"use":"jwt-svid","kid":"a"},{{{Point}},"use":"wit-svid","kid":"a"}]}""", BundleFault.KeyIdRepeated);
        TrustBundle bundle = Read($$"""{"keys":[{{{Point}},"use":"jwt-svid","kid":"a"},{{{Point}},"use":"wit-svid","kid":"A"}]}""");
        Assert.Equal("a", Assert.Single(bundle.JwtKeys).KeyId);
        Assert.Equal("A", Assert.Single(bundle.WitKeys).KeyId);
    }

    [Fact]
    [Trait("clause", "84 Trust Domain and Bundle §4.2")]
    public void A_key_that_shows_its_private_part_spoils_the_bundle()
    {
        Refused($$"""{"keys":[{{{Point}},"use":"jwt-svid","kid":"a","d":"AA"}]}""", BundleFault.PrivateKey);
        Refused("""{"keys":[{"kty":"oct","k":"AA","use":"sig"}]}""", BundleFault.PrivateKey);
    }

    private static TrustBundle Read(string json)
    {
        Assert.True(BundleReader.TryRead(Domain, Encoding.UTF8.GetBytes(json), out TrustBundle? bundle, out BundleFault fault), fault.ToString());
        return bundle;
    }

    private static void Refused(string json, BundleFault expected) => Expect(json, expected);

    private static void Expect(string json, BundleFault expected)
    {
        Assert.Equal(expected == BundleFault.None, BundleReader.TryRead(Domain, Encoding.UTF8.GetBytes(json), out _, out BundleFault fault));
        Assert.Equal(expected, fault);
    }
}
