using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Google.Protobuf;
using Spiffe.Agent.Cli;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Identity.Bundles;
using Spiffe.Agent.Protocols.Workload;
using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Tests.Unit.Cli;

public sealed class FetchBundleTests : IDisposable
{
    private const string JwtKey = """{"keys":[{"kty":"EC","crv":"P-256","kid":"j1","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","d":"c2VjcmV0"}]}""";

    private readonly TestPki _pki = new("example.org");
    private readonly TestPki _partner = new("partner.test");
    private readonly TestTerminal _terminal = new();

    public void Dispose()
    {
        _pki.Dispose();
        _partner.Dispose();
    }

    [Fact]
    public async Task Json_is_a_bundle_map_of_the_standard_without_anything_secret()
    {
        await using FakeAgent agent = await ServeAsync(_pki, _partner);
        Assert.Equal(ExitCodes.Done, await _terminal.RunAsync(["fetch", "bundle", "--output", "json", "--socket", agent.Uri]));

        Assert.DoesNotContain("c2VjcmV0", _terminal.Out.Text, StringComparison.Ordinal);
        using JsonDocument map = JsonDocument.Parse(_terminal.Out.Text);
        JsonElement domains = map.RootElement.GetProperty("trust_domains");
        Assert.Equal(["example.org", "partner.test"], domains.EnumerateObject().Select(d => d.Name));
        ReadOnlyMemory<byte> document = JsonSerializer.SerializeToUtf8Bytes(domains.GetProperty("example.org"));
        Assert.True(BundleReader.TryRead(TrustDomain.Parse("example.org"), document, out TrustBundle? bundle, out _));
        Assert.Equal(_pki.Authority.RawData, Assert.Single(bundle.X509Authorities).ToArray());
        Assert.Equal("j1", Assert.Single(bundle.JwtKeys).KeyId);
    }

    [Fact]
    public async Task Text_tells_every_key_even_where_no_wit_is_served()
    {
        await using FakeAgent agent = await ServeAsync(_pki);
        Assert.Equal(ExitCodes.Done, await _terminal.RunAsync(["fetch", "bundle", "--socket", agent.Uri]));
        Assert.StartsWith("example.org  trust domain, 1 X.509 authority\n", _terminal.Out.Text, StringComparison.Ordinal);
        Assert.Contains("\n  JWT key       j1, EC P-256\n", _terminal.Out.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pem_never_merges_trust_domains()
    {
        await using FakeAgent agent = await ServeAsync(_pki, _partner);
        Assert.Equal(ExitCodes.Usage, await _terminal.RunAsync(["fetch", "bundle", "--output", "pem", "--socket", agent.Uri]));
        Assert.Equal("", _terminal.Out.Text);
        Assert.Contains("example.org, partner.test: choose one with --trust-domain", _terminal.Error.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pem_of_one_trust_domain_reads_back()
    {
        await using FakeAgent agent = await ServeAsync(_pki, _partner);
        Assert.Equal(ExitCodes.Done, await _terminal.RunAsync(["fetch", "bundle", "--output", "pem", "--trust-domain", "partner.test", "--socket", agent.Uri]));
        X509Certificate2Collection read = [];
        read.ImportFromPem(_terminal.Out.Text);
        Assert.Equal(_partner.Authority.RawData, Assert.Single(read).RawData);
    }

    private static Task<FakeAgent> ServeAsync(params TestPki[] domains)
    {
        X509BundlesResponse x509 = new();
        foreach (TestPki domain in domains) x509.Bundles.Add(domain.Id, ByteString.CopyFrom(domain.Authority.RawData));
        JWTBundlesResponse jwt = new();
        jwt.Bundles.Add("spiffe://example.org", ByteString.CopyFromUtf8(JwtKey));
        return FakeAgent.StartAsync(FakeAgent.Workload()
            .ServerStreaming<X509BundlesRequest, X509BundlesResponse>("FetchX509Bundles", X509BundlesRequest.Parser, (_, stream, context) => HoldAsync(stream, x509, context))
            .ServerStreaming<JWTBundlesRequest, JWTBundlesResponse>("FetchJWTBundles", JWTBundlesRequest.Parser, (_, stream, context) => HoldAsync(stream, jwt, context)));
    }

    private static async Task HoldAsync<T>(IServerStreamWriter<T> stream, T answer, ServerCallContext context)
    {
        await stream.WriteAsync(answer);
        await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
