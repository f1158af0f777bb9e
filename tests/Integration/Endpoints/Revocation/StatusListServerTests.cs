using System.Buffers.Text;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Spiffe.Agent.Authority.Revocation;
using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Identity.X509;
using Spiffe.Agent.Issuance.Revocation;

namespace Spiffe.Agent.Tests.Integration.Endpoints.Revocation;

/// <summary>Status over HTTP, as a relying party meets it: draft-ietf-oauth-status-list §8, and whoever means ill.</summary>
public sealed class StatusListServerTests : IAsyncLifetime, IDisposable
{
    private readonly HttpClient _http = new();
    private RevocationHost _host = null!;

    private long Number => _host.Ledger.StatusLists!.Numbers[0];

    public async Task InitializeAsync()
    {
        _host = await RevocationHost.StartAsync();
        _http.BaseAddress = _host.Address;
        _http.Timeout = TimeSpan.FromMinutes(1);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task A_relying_party_follows_a_token_to_its_status_and_checks_the_signature()
    {
        (string task, JwtSvid token, _, _) = _host.StartTask();
        using JsonDocument claims = JsonDocument.Parse(token.Claims);
        JsonElement reference = claims.RootElement.GetProperty("status").GetProperty("status_list");
        Uri uri = new(reference.GetProperty("uri").GetString()!);

        Assert.Equal(0, await StatusAt(uri, reference.GetProperty("idx").GetInt32()));
        _host.Ledger.RevokeTask(task, 0, RevocationReason.Suspended);
        Assert.Equal(2, await StatusAt(uri, reference.GetProperty("idx").GetInt32()));
        _host.Ledger.EndTasks([task], RevocationReason.Failed);
        Assert.Equal(1, await StatusAt(uri, reference.GetProperty("idx").GetInt32()));
    }

    [Fact]
    public async Task A_list_comes_with_its_media_type_and_may_be_kept_for_its_time_to_live()
    {
        using HttpResponseMessage response = await _http.GetAsync(new Uri($"/status/{Number}", UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/statuslist+jwt", response.Content.Headers.ContentType?.ToString());
        Assert.InRange(response.Headers.CacheControl!.MaxAge!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        Assert.Equal("*", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.False(response.Headers.Contains("Server"));
        Assert.NotNull(response.Headers.ETag);
    }

    [Fact]
    public async Task Whoever_has_the_list_is_told_so_until_it_changes()
    {
        (string task, _, _, _) = _host.StartTask();
        using HttpResponseMessage first = await _http.GetAsync(new Uri($"/status/{Number}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotModified, await Again(first.Headers.ETag!));

        _host.Ledger.EndTasks([task], RevocationReason.Completed);
        Assert.Equal(HttpStatusCode.OK, await Again(first.Headers.ETag!));

        async Task<HttpStatusCode> Again(EntityTagHeaderValue tag)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, $"/status/{Number}") { Headers = { IfNoneMatch = { new EntityTagHeaderValue("\"other\""), tag } } };
            using HttpResponseMessage response = await _http.SendAsync(request);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task The_list_of_revoked_certificates_is_served_for_the_active_key_and_by_name()
    {
        (string task, _, _, X509SvidCertificate dead) = _host.StartTask();
        _host.Ledger.EndTasks([task], RevocationReason.Completed);
        Assert.True(_host.Authority.Rotate());

        using HttpResponseMessage active = await _http.GetAsync(new Uri("/crl", UriKind.Relative));
        byte[] old = await _http.GetByteArrayAsync(new Uri($"/crl/{dead.IssuerKeyId}", UriKind.Relative));

        Assert.Equal("application/pkix-crl", active.Content.Headers.ContentType?.ToString());
        Assert.False(Names(await active.Content.ReadAsByteArrayAsync(), dead));
        Assert.True(Names(old, dead));
        using HttpResponseMessage nobody = await _http.GetAsync(new Uri($"/crl/{new string('0', 40)}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, nobody.StatusCode);
    }

    [Fact]
    public async Task A_head_has_everything_but_the_body()
    {
        using HttpRequestMessage request = new(HttpMethod.Head, $"/status/{Number}");
        using HttpResponseMessage response = await _http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Content.Headers.ContentLength > 100);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    [InlineData("TRACE")]
    public async Task Nothing_can_be_sent_to_it(string method)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), "/status/keys");
        using HttpResponseMessage response = await _http.SendAsync(request);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["GET", "HEAD"], response.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/status")]
    [InlineData("/status/")]
    [InlineData("/status/0")]
    [InlineData("/status/-1")]
    [InlineData("/status/+1")]
    [InlineData("/status/1e3")]
    [InlineData("/status/%31")]
    [InlineData("/status/9223372036854775807")]
    [InlineData("/status/99999999999999999999999999999999999999999")]
    [InlineData("/status/keys/")]
    [InlineData("/status/../status/keys")]
    [InlineData("/status/../../../../etc/passwd")]
    [InlineData("/status/..%2f..%2fetc%2fpasswd")]
    [InlineData("//status/keys")]
    [InlineData("/status/keys?x=1")]
    [InlineData("/STATUS/keys")]
    [InlineData("/crl/")]
    [InlineData("/crl/../status/keys")]
    [InlineData("/crl/zz")]
    [InlineData("http://127.0.0.1/status/keys")]
    [InlineData("/status/keys\0")]
    public async Task There_is_one_way_to_write_an_address_and_nothing_beside(string target)
    {
        string answer = await Raw($"GET {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        Assert.Matches("^HTTP/1.1 40[04] ", answer);
        Assert.DoesNotContain("root:", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_number_of_a_list_has_no_other_spelling()
    {
        Assert.StartsWith("HTTP/1.1 200", await Raw($"GET /status/{Number} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 404", await Raw($"GET /status/0{Number} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 404", await Raw($"GET /status/{Number + 1} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_asks_for_the_past_is_told_that_it_is_not_kept()
    {
        using HttpResponseMessage response = await _http.GetAsync(new Uri($"/status/{Number}?time=1686925000", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotImplemented, response.StatusCode);
    }

    [Fact]
    public async Task A_head_that_is_too_long_is_refused()
    {
        string answer = await Raw($"GET /status/keys HTTP/1.1\r\nHost: a\r\nX: {new string('x', 64 * 1024)}\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 431", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_daemon_that_stops_says_so()
    {
        _host.Serving.End();
        using HttpResponseMessage response = await _http.GetAsync(new Uri($"/status/{Number}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    private static bool Names(byte[] crl, X509SvidCertificate certificate) =>
        CertificateRevocationListBuilder.Load(crl, out _).RemoveEntry(Convert.FromHexString(certificate.SerialNumber));

    private async Task<int> StatusAt(Uri uri, int index)
    {
        string token = await _http.GetStringAsync(new Uri(uri.AbsolutePath, UriKind.Relative));
        string[] parts = token.Split('.');
        using JsonDocument header = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0]));
        using JsonDocument claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
        using JsonDocument keys = JsonDocument.Parse(await _http.GetStringAsync(new Uri("/status/keys", UriKind.Relative)));
        JsonElement key = keys.RootElement.GetProperty("keys").EnumerateArray().Single(k => k.GetProperty("kid").GetString() == header.RootElement.GetProperty("kid").GetString());
        Assert.Equal(JwkFault.None, JwsPublicKey.TryParse(Encoding.UTF8.GetBytes(key.GetRawText()), out JwsPublicKey? signer));
        Assert.True(signer!.Verify(JwsAlgorithm.ES256, Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2])));
        Assert.Equal(uri.ToString(), claims.RootElement.GetProperty("sub").GetString());

        JsonElement list = claims.RootElement.GetProperty("status_list");
        Assert.Equal(2, list.GetProperty("bits").GetInt32());
        using MemoryStream statuses = new();
        using (ZLibStream zlib = new(new MemoryStream(Base64Url.DecodeFromChars(list.GetProperty("lst").GetString())), CompressionMode.Decompress)) await zlib.CopyToAsync(statuses);
        return StatusBits.Get(statuses.ToArray(), index);
    }

    private async Task<string> Raw(string request)
    {
        using TcpClient client = new();
        await client.ConnectAsync((IPEndPoint)_host.Status.Address);
        NetworkStream stream = client.GetStream();
        using CancellationTokenSource patience = new(TimeSpan.FromMinutes(1));
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request), patience.Token);
            using StreamReader reader = new(stream, Encoding.Latin1);
            return await reader.ReadToEndAsync(patience.Token);
        }
        catch (IOException e)
        {
            return $"closed: {e.Message}";
        }
    }
}
