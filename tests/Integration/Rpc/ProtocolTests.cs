using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Google.Protobuf;
using Spiffe.Agent.Rpc;
using static Spiffe.Agent.Tests.Integration.Rpc.TestCalls;

namespace Spiffe.Agent.Tests.Integration.Rpc;

/// <summary>Clauses of "gRPC over HTTP/2" and "Compression", asked with a plain HTTP/2 client that can break them.</summary>
public sealed class ProtocolTests
{
    private static readonly byte[] Valid = EncodedMessage.From(Text("hello")).Frame.ToArray();

    [Theory]
    [InlineData("application/json", 415)]
    [InlineData("application/grpc-web", 415)]
    [InlineData("application/grpc+json", 415)]
    [InlineData("application/grpc", 200)]
    [InlineData("application/grpc+proto", 200)]
    [InlineData("application/grpc;charset=utf-8", 200)]
    public async Task Content_type_other_than_grpc_is_http_415(string contentType, int expected)
    {
        using HttpResponseMessage response = await PostAsync(Valid, r => r.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType));
        Assert.Equal(expected, (int)response.StatusCode);
    }

    [Fact]
    public async Task Other_verb_than_post_is_http_405()
    {
        using HttpResponseMessage response = await PostAsync(Valid, r => r.Method = HttpMethod.Put);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    [Fact]
    public async Task Missing_te_trailers_is_http_400()
    {
        using HttpResponseMessage response = await PostAsync(Valid, r => r.Headers.Remove("te"));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Unknown_coding_is_unimplemented_and_names_the_known_ones()
    {
        using HttpResponseMessage response = await PostAsync(Valid, r => r.Headers.Add("grpc-encoding", "snappy"));
        Assert.Equal("12", Status(response));
        Assert.Equal("identity,gzip", Assert.Single(response.Headers.GetValues("grpc-accept-encoding")));
    }

    [Fact]
    public async Task Compressed_flag_without_a_coding_is_internal()
    {
        using HttpResponseMessage response = await PostAsync([1, .. Valid[1..]], _ => { });
        Assert.Equal("13", Status(response));
    }

    [Fact]
    public async Task Gzip_message_is_unpacked()
    {
        using HttpResponseMessage response = await PostAsync(Gzipped(Text("hello").ToByteArray()), r => r.Headers.Add("grpc-encoding", "gzip"));
        Assert.Equal("0", Status(response));
        Assert.Equal(Valid, await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Gzip_bomb_is_resource_exhausted()
    {
        using HttpResponseMessage response = await PostAsync(Gzipped(new byte[64 * 1024 * 1024]), r => r.Headers.Add("grpc-encoding", "gzip"));
        Assert.Equal("8", Status(response));
    }

    public static TheoryData<string, byte[], string> Bodies() => new()
    {
        { "nothing where one message is due", [], "12" },
        { "two messages where one is due", [.. Valid, .. Valid], "12" },
        { "half a prefix", [0, 0, 0], "13" },
        { "half a message", Valid[..^1], "13" },
        { "an unknown flag", [2, .. Valid[1..]], "13" },
        { "no protobuf", [0, 0, 0, 0, 2, 0x0a, 0x05], "13" },
        { "a length of 4 GiB", [0, 0xff, 0xff, 0xff, 0xff], "8" },
        { "gzip that is none", [1, 0, 0, 0, 2, 1, 2], "13" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Malformed_body_has_the_status_of_its_fault(string what, byte[] body, string status)
    {
        using HttpResponseMessage response = await PostAsync(body, r => r.Headers.Add("grpc-encoding", body is [1, ..] ? "gzip" : "identity"));
        Assert.True(status == Status(response), $"{what}: {Status(response)}");
    }

    [Theory]
    [InlineData("1")]
    [InlineData("123456789S")]
    [InlineData("-1S")]
    [InlineData("1s")]
    public async Task Malformed_timeout_is_internal(string timeout)
    {
        using HttpResponseMessage response = await PostAsync(Valid, r => r.Headers.Add("grpc-timeout", timeout));
        Assert.Equal("13", Status(response));
    }

    private static string Status(HttpResponseMessage response) =>
        Assert.Single(response.TrailingHeaders.TryGetValues("grpc-status", out IEnumerable<string>? trailed) ? trailed : response.Headers.GetValues("grpc-status"));

    private static byte[] Gzipped(byte[] message)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(message);
        byte[] frame = EncodedMessage.FromBlock(new byte[] { 0, 0, 0, 0, 0 }.Concat(packed.ToArray()).ToArray()).Frame.ToArray();
        frame[0] = 1;
        return frame;
    }

    private static async Task<HttpResponseMessage> PostAsync(byte[] body, Action<HttpRequestMessage> change)
    {
        await using RpcTestServer server = await RpcTestServer.StartAsync(EchoService());
        using HttpClient http = new(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(server.EndPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        using HttpRequestMessage request = new(HttpMethod.Post, "http://localhost/test.Echo/Echo")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.Add("te", "trailers");
        change(request);
        return await http.SendAsync(request);
    }
}
