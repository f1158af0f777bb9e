using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Spiffe.Agent.Protocols.Workload;
using Spiffe.Agent.Rpc;
using Spiffe.Agent.Rpc.Client;

namespace Spiffe.Agent.Tests.Conformance.Api;

/// <summary>SPIFFE Workload API, clauses 17 to 36, against the real daemon. The trait is the clause.</summary>
public sealed class WorkloadApiClauses(ServedFixture served) : IClassFixture<ServedFixture>, IDisposable
{
    private const string Domain = "spiffe://example.org";
    private const string Web = Domain + "/web";
    private const string Short = Domain + "/short";

    private readonly WorkloadClient _client = new(served.Known.WorkloadSocket);

    public void Dispose() => _client.Dispose();

    [Fact]
    [Trait("clause", "22, 35 Workload API §5.2.1, §8")]
    public async Task Every_identity_comes_with_all_its_fields_and_the_default_one_first()
    {
        X509SVIDResponse response = await _client.X509();
        Assert.Equal([Web, Short], response.Svids.Select(s => s.SpiffeId));
        Assert.All(response.Svids, s => Assert.True(s.X509Svid.Length > 0 && s.X509SvidKey.Length > 0 && s.Bundle.Length > 0));
    }

    [Fact]
    [Trait("clause", "23 Workload API §5.1")]
    public async Task The_chain_is_der_with_the_leaf_first_and_the_key_is_its_own_in_plain_pkcs8()
    {
        X509SVID svid = (await _client.X509()).Svids[0];
        using X509Certificate2 leaf = X509CertificateLoader.LoadCertificate(svid.X509Svid.Span);
        using ECDsa key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(svid.X509SvidKey.Span, out int read);
        Assert.Equal(svid.X509SvidKey.Length, read);
        byte[] signature = key.SignData((byte[])[1, 2, 3], HashAlgorithmName.SHA256);
        Assert.True(leaf.GetECDsaPublicKey()!.VerifyData((byte[])[1, 2, 3], signature, HashAlgorithmName.SHA256));

        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificate(svid.Bundle.Span));
        Assert.True(chain.Build(leaf), string.Join(' ', chain.ChainStatus.Select(s => s.StatusInformation)));
    }

    [Fact]
    [Trait("clause", "24 Workload API §5.2.1, §6.2.1, §7.2.1")]
    public async Task Hints_are_unique_in_each_response()
    {
        Assert.Equal(["internal", ""], (await _client.X509()).Svids.Select(s => s.Hint));
        Assert.Equal(["internal", ""], (await _client.Jwt("", "a")).Svids.Select(s => s.Hint));
        Assert.Equal(["internal", ""], (await _client.Wit()).Svids.Select(s => s.Hint));
    }

    [Fact]
    [Trait("clause", "19, 20 Workload API §4.3")]
    public async Task A_stream_sends_the_full_state_at_once_and_again_when_an_svid_rotates_and_never_the_same_twice()
    {
        using ClientCall<X509SVIDRequest, X509SVIDResponse> stream = _client.Open("FetchX509SVID", new X509SVIDRequest(), X509SVIDResponse.Parser);
        List<X509SVIDResponse> seen = [];
        while (seen.Count < 3 && await stream.ResponseStream.MoveNext(CancellationToken.None)) seen.Add(stream.ResponseStream.Current);
        Assert.All(seen, r => Assert.Equal([Web, Short], r.Svids.Select(s => s.SpiffeId)));
        Assert.Equal(3, seen.Select(r => r.Svids[1].X509SvidKey).Distinct().Count());
        Assert.Single(seen.Select(r => r.Svids[0].X509SvidKey).Distinct());
        // Both are valid for a while: the new one is there before the old one has ended.
        using X509Certificate2 old = X509CertificateLoader.LoadCertificate(seen[0].Svids[1].X509Svid.Span), next = X509CertificateLoader.LoadCertificate(seen[1].Svids[1].X509Svid.Span);
        Assert.True(next.NotBefore < old.NotAfter);
    }

    [Fact]
    [Trait("clause", "27 Workload API §5.2.2")]
    public async Task X509_bundles_include_the_own_trust_domain_and_vouch_for_the_svid()
    {
        X509BundlesResponse bundles = await _client.X509Bundles();
        Assert.Equal((await _client.X509()).Svids[0].Bundle, bundles.Bundles[Domain]);
    }

    [Fact]
    [Trait("clause", "28, 29 Workload API §6.2.1")]
    public async Task A_jwt_is_for_the_asked_audiences_for_all_identities_or_for_the_one_that_is_asked_for()
    {
        JWTSVIDResponse all = await _client.Jwt("", "api-1", "api-2");
        Assert.Equal([Web, Short], all.Svids.Select(s => s.SpiffeId));
        JWTSVIDResponse one = await _client.Jwt(Short, "api-1");
        Assert.Equal(Short, Assert.Single(one.Svids).SpiffeId);
        using JsonDocument claims = Claims(all.Svids[0].Svid);
        Assert.Equal(["api-1", "api-2"], claims.RootElement.GetProperty("aud").EnumerateArray().Select(a => a.GetString()));
        foreach (string name in new[] { "iss", "sub", "exp", "iat", "jti" }) Assert.True(claims.RootElement.TryGetProperty(name, out _), name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not-a-spiffe-id", "a")]
    [InlineData("spiffe://example.org/web/", "a")]
    [InlineData("", "")]
    [Trait("clause", "21 Workload API §4.5")]
    public async Task A_jwt_request_without_audience_or_with_a_bad_id_is_an_invalid_argument(string id, params string[] audiences) =>
        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(() => _client.Jwt(id, audiences))).StatusCode);

    [Theory]
    [InlineData("spiffe://example.org/other")]
    [InlineData("spiffe://other.org/web")]
    [Trait("clause", "25 Workload API §4.4")]
    public async Task An_identity_of_somebody_else_is_denied(string id)
    {
        Assert.Equal(StatusCode.PermissionDenied, (await Assert.ThrowsAsync<RpcException>(() => _client.Jwt(id, "a"))).StatusCode);
        Assert.Equal(StatusCode.PermissionDenied, (await Assert.ThrowsAsync<RpcException>(() => _client.Wit(id))).StatusCode);
    }

    [Fact]
    [Trait("clause", "30 Workload API §6.2.2")]
    public async Task Jwt_bundles_are_jwk_sets_with_jwt_keys_only()
    {
        using JsonDocument set = JsonDocument.Parse((await _client.JwtBundles()).Bundles[Domain].Memory);
        JsonElement.ArrayEnumerator keys = set.RootElement.GetProperty("keys").EnumerateArray();
        Assert.NotEmpty(keys);
        Assert.All(keys, k => Assert.Equal("jwt-svid", k.GetProperty("use").GetString()));
        Assert.All(keys, k => Assert.False(k.TryGetProperty("d", out _) || k.TryGetProperty("x5c", out _)));
    }

    [Fact]
    [Trait("clause", "31, 32 Workload API §6.2.3, §6.3")]
    public async Task Validation_returns_the_id_and_all_claims()
    {
        string token = (await _client.Jwt(Web, "api")).Svids[0].Svid;
        ValidateJWTSVIDResponse valid = await _client.Validate("api", token);
        Assert.Equal(Web, valid.SpiffeId);
        using JsonDocument claims = Claims(token);
        Assert.Equal(claims.RootElement.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal), valid.Claims.Fields.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(Web, valid.Claims.Fields["sub"].StringValue);
        Assert.Equal(claims.RootElement.GetProperty("exp").GetDouble(), valid.Claims.Fields["exp"].NumberValue);
    }

    [Theory]
    [InlineData("", "token")]
    [InlineData("api", "")]
    [InlineData("api", "token")]
    [InlineData("api", "a.b.c")]
    [Trait("clause", "21, 31 Workload API §4.5, §6.2.3")]
    public async Task Validation_without_audience_without_token_or_of_nonsense_is_an_invalid_argument(string audience, string token) =>
        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(() => _client.Validate(audience, token))).StatusCode);

    [Fact]
    [Trait("clause", "31 Workload API §6.2.3; 61 JWT-SVID §3.2")]
    public async Task Validation_for_another_audience_or_of_another_kind_of_token_is_refused()
    {
        string token = (await _client.Jwt(Web, "api")).Svids[0].Svid;
        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(() => _client.Validate("other", token))).StatusCode);
        string wit = (await _client.Wit()).Svids[0].WitSvid;
        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(() => _client.Validate("api", wit))).StatusCode);
        string foreign = token[..^4] + (token.EndsWith("AAAA", StringComparison.Ordinal) ? "BBBB" : "AAAA");
        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(() => _client.Validate("api", foreign))).StatusCode);
    }

    [Theory]
    [InlineData("FetchWITSVID")]
    [InlineData("FetchWITBundles")]
    [Trait("clause", "33 Workload API §7")]
    public async Task Without_the_wit_profile_its_methods_are_unimplemented(string method)
    {
        using WorkloadClient stranger = new(served.Stranger.WorkloadSocket);
        Assert.Equal(StatusCode.Unimplemented, (await stranger.StatusOf("SpiffeWorkloadAPI", method, WorkloadClient.Header)).StatusCode);
    }

    [Fact]
    [Trait("clause", "34 Workload API §7.1, §7.2")]
    public async Task A_wit_comes_with_its_jwk_for_all_identities_or_one_and_the_bundle_has_a_kid_on_every_key()
    {
        Assert.Equal([Web, Short], (await _client.Wit()).Svids.Select(s => s.SpiffeId));
        WITSVID svid = Assert.Single((await _client.Wit(Short)).Svids);
        using JsonDocument key = JsonDocument.Parse(svid.WitSvidKey), claims = Claims(svid.WitSvid);
        JsonElement confirmation = claims.RootElement.GetProperty("cnf").GetProperty("jwk");
        Assert.Equal(confirmation.GetProperty("x").GetString(), key.RootElement.GetProperty("x").GetString());
        Assert.True(key.RootElement.TryGetProperty("d", out _));
        Assert.False(claims.RootElement.TryGetProperty("aud", out _));

        using JsonDocument set = JsonDocument.Parse((await _client.WitBundles()).Bundles[Domain]);
        Assert.All(set.RootElement.GetProperty("keys").EnumerateArray(), k => Assert.False(string.IsNullOrEmpty(k.GetProperty("kid").GetString())));
        Assert.All(set.RootElement.GetProperty("keys").EnumerateArray(), k => Assert.Equal("wit-svid", k.GetProperty("use").GetString()));
    }

    [Fact]
    [Trait("clause", "20 Workload API §4.3")]
    public async Task A_stream_that_the_daemon_ends_says_unavailable_and_the_next_daemon_serves_again()
    {
        await using TestKit.Daemon.Daemon daemon = await TestKit.Daemon.Daemon.StartAsync($$"""
            trust_domain: example.org
            entries: [ { id: /web, selectors: [ "unix:uid:{{TestUser.Id}}" ] } ]
            """);
        using WorkloadClient client = new(daemon.WorkloadSocket);
        using ClientCall<X509SVIDRequest, X509SVIDResponse> stream = client.Open("FetchX509SVID", new X509SVIDRequest(), X509SVIDResponse.Parser);
        Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(0, await daemon.StopAsync());
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => stream.ResponseStream.MoveNext(CancellationToken.None))).StatusCode);
        await daemon.StartAsync();
        using WorkloadClient again = new(daemon.WorkloadSocket);
        Assert.Single((await again.X509()).Svids);
    }

    private static JsonDocument Claims(string token)
    {
        string payload = token.Split('.')[1];
        return JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(payload));
    }
}
