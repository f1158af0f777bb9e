using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Google.Protobuf;
using Spiffe.Agent.Cli;
using Spiffe.Agent.Protocols.Workload;

namespace Spiffe.Agent.Tests.Unit.Cli;

public sealed class FetchX509Tests : IDisposable
{
    private readonly TestPki _pki = new("example.org");
    private readonly TestPki _partner = new("partner.test");
    private readonly TestTerminal _terminal = new();

    public void Dispose()
    {
        _pki.Dispose();
        _partner.Dispose();
    }

    [Fact]
    public async Task Text_shows_who_how_long_by_whom_and_what_is_trusted()
    {
        await using FakeAgent agent = await ServeAsync(Answer());
        int exit = await _terminal.RunAsync(["fetch", "x509", "--socket", agent.Uri]);

        Assert.Equal("", _terminal.Error.Text);
        Assert.Equal(
            $"""
            spiffe://example.org/web  default, hint internal
              expires       in 29 minutes (2026-03-04 12:29:00 UTC)
              rotates       about in 14 minutes, at half of its life
              DNS names     web.example.org
              certificate   spiffe://example.org/web, EC P-256
                            serial 0a0b0c0d0e0f10111213141516171819
                            issued by spiffe://example.org

            spiffe://example.org/batch
              expires       in 1 minute (2026-03-04 12:01:00 UTC)
              rotates       any moment now: half of its life is over
              certificate   spiffe://example.org/batch, EC P-256
                            serial 0a0b0c0d0e0f10111213141516171819
                            issued by spiffe://example.org

            example.org  trust domain, 1 X.509 authority
              authority     spiffe://example.org, EC P-384
                            expires in 23 hours (2026-03-05 11:00:00 UTC)
                            sha256 {Convert.ToHexStringLower(SHA256.HashData(_pki.Authority.RawData))}

            partner.test  trust domain, federated, 1 X.509 authority
              authority     spiffe://partner.test, EC P-384
                            expires in 23 hours (2026-03-05 11:00:00 UTC)
                            sha256 {Convert.ToHexStringLower(SHA256.HashData(_partner.Authority.RawData))}

            """,
            _terminal.Out.Text);
        Assert.Equal(ExitCodes.Done, exit);
        Assert.Equal(["true"], agent.SecurityHeaders);
    }

    [Fact]
    public async Task Text_never_has_a_key_or_an_escape_code_in_it()
    {
        X509SVIDResponse answer = Answer();
        answer.Svids[0].Hint = "\e[31mred\u202e";
        await using FakeAgent agent = await ServeAsync(answer);
        await _terminal.RunAsync(["fetch", "x509", "--socket", agent.Uri]);

        Assert.DoesNotContain("PRIVATE", _terminal.Out.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(answer.Svids[0].X509SvidKey.ToBase64()[..40], _terminal.Out.Text, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', _terminal.Out.Text);
        Assert.Contains(@"hint \u{1b}[31mred\u{202e}", _terminal.Out.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pem_is_one_identity_that_reads_back_with_its_key()
    {
        await using FakeAgent agent = await ServeAsync(Answer());
        await _terminal.RunAsync(["fetch", "x509", "--output", "pem", "--socket", agent.Uri]);

        using X509Certificate2 pair = X509Certificate2.CreateFromPem(_terminal.Out.Text, _terminal.Out.Text);
        Assert.True(pair.HasPrivateKey);
        Assert.Equal("0A0B0C0D0E0F10111213141516171819", pair.SerialNumber);
        Assert.Equal(1, Count(_terminal.Out.Text, "BEGIN PRIVATE KEY"));
        Assert.Equal(1, Count(_terminal.Out.Text, "BEGIN CERTIFICATE"));
    }

    [Fact]
    public async Task Json_has_the_documented_shape()
    {
        await using FakeAgent agent = await ServeAsync(Answer());
        await _terminal.RunAsync(["fetch", "x509", "--output", "json", "--socket", agent.Uri]);

        using JsonDocument json = JsonDocument.Parse(_terminal.Out.Text);
        JsonElement first = json.RootElement.GetProperty("svids")[0];
        Assert.Equal(
            ["spiffe_id", "hint", "default", "not_before", "not_after", "rotation_expected_at", "dns_names", "private_key", "certificates"],
            first.EnumerateObject().Select(p => p.Name));
        Assert.Equal("2026-03-04T12:29:00Z", first.GetProperty("not_after").GetString());
        Assert.True(first.GetProperty("default").GetBoolean());
        Assert.False(json.RootElement.GetProperty("svids")[1].GetProperty("default").GetBoolean());
        Assert.Equal(
            ["spiffe_id", "subject", "issuer", "serial_number", "key_type", "not_before", "not_after", "sha256", "pem"],
            first.GetProperty("certificates")[0].EnumerateObject().Select(p => p.Name));
        using ECDsa key = ECDsa.Create();
        key.ImportFromPem(first.GetProperty("private_key").GetString());
        using X509Certificate2 leaf = X509Certificate2.CreateFromPem(first.GetProperty("certificates")[0].GetProperty("pem").GetString());
        using ECDsa certified = leaf.GetECDsaPublicKey()!;
        Assert.Equal(certified.ExportSubjectPublicKeyInfo(), key.ExportSubjectPublicKeyInfo());
        Assert.Equal(["example.org", "partner.test"], json.RootElement.GetProperty("bundles").EnumerateArray().Select(b => b.GetProperty("trust_domain").GetString()));
    }

    [Fact]
    public async Task Spiffe_id_picks_one_identity()
    {
        await using FakeAgent agent = await ServeAsync(Answer());
        await _terminal.RunAsync(["fetch", "x509", "--spiffe-id", "spiffe://example.org/batch", "--socket", agent.Uri]);

        Assert.StartsWith("spiffe://example.org/batch\n", _terminal.Out.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("/web", _terminal.Out.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Spiffe_id_of_somebody_else_is_denied()
    {
        await using FakeAgent agent = await ServeAsync(Answer());
        int exit = await _terminal.RunAsync(["fetch", "x509", "--spiffe-id", "spiffe://example.org/other", "--socket", agent.Uri]);

        Assert.Equal(ExitCodes.PermissionDenied, exit);
        Assert.Contains("spiffe://example.org/other: it gets spiffe://example.org/web, spiffe://example.org/batch", _terminal.Error.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answer_that_breaks_the_standard_is_a_fault_and_no_stack_trace(bool isEmpty)
    {
        X509SVIDResponse answer = isEmpty ? new X509SVIDResponse() : Answer();
        if (!isEmpty) answer.Svids[1].X509Svid = ByteString.CopyFrom(0x30, 0x82);
        await using FakeAgent agent = await ServeAsync(answer);
        int exit = await _terminal.RunAsync(["fetch", "x509", "--socket", agent.Uri]);

        Assert.Equal(ExitCodes.Failed, exit);
        Assert.Single(_terminal.Error.Text.TrimEnd('\n').Split('\n'));
        Assert.Contains("answer not understood", _terminal.Error.Text, StringComparison.Ordinal);
        Assert.Equal("", _terminal.Out.Text);
    }

    private static Task<FakeAgent> ServeAsync(X509SVIDResponse answer) => FakeAgent.StartAsync(FakeAgent.Workload().ServerStreaming<X509SVIDRequest, X509SVIDResponse>(
        "FetchX509SVID",
        X509SVIDRequest.Parser,
        async (_, stream, context) =>
        {
            await stream.WriteAsync(answer);
            await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }));

    private X509SVIDResponse Answer()
    {
        X509SVIDResponse answer = new();
        answer.Svids.Add(_pki.Svid("/web", TimeSpan.FromMinutes(30), "internal", "web.example.org"));
        answer.Svids.Add(_pki.Svid("/batch", TimeSpan.FromMinutes(2)));
        answer.FederatedBundles.Add(_partner.Id, ByteString.CopyFrom(_partner.Authority.RawData));
        return answer;
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
