using Google.Protobuf.WellKnownTypes;
using Spiffe.Agent.Rpc;
using Spiffe.Agent.Rpc.Client;

namespace Spiffe.Agent.Tests.Integration.Rpc;

/// <summary>A small service over protobuf's own wrapper messages, and its methods as a client names them.</summary>
internal static class TestCalls
{
    public const string Service = "test.Echo";

    public static readonly Method<StringValue, StringValue> Echo = new(MethodType.Unary, Service, "Echo", StringValue.Parser);
    public static readonly Method<StringValue, StringValue> Hold = new(MethodType.ServerStreaming, Service, "Hold", StringValue.Parser);
    public static readonly Method<StringValue, StringValue> Join = new(MethodType.ClientStreaming, Service, "Join", StringValue.Parser);
    public static readonly Method<StringValue, StringValue> Chat = new(MethodType.DuplexStreaming, Service, "Chat", StringValue.Parser);

    /// <summary>Echo answers what it got, Hold answers once and waits for the end, Join strings requests together, Chat answers each request.</summary>
    public static RpcService EchoService() => RpcService.Create(Service)
        .Unary<StringValue, StringValue>("Echo", StringValue.Parser, static (request, _) => Task.FromResult(request))
        .ServerStreaming<StringValue, StringValue>("Hold", StringValue.Parser, static async (request, responses, context) =>
        {
            await responses.WriteAsync(request);
            await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken);
        })
        .ClientStreaming<StringValue, StringValue>("Join", StringValue.Parser, static async (requests, context) =>
        {
            string joined = "";
            await foreach (StringValue request in requests.ReadAllAsync(context.CancellationToken)) joined += request.Value;
            return new StringValue { Value = joined };
        })
        .DuplexStreaming<StringValue, StringValue>("Chat", StringValue.Parser, static async (requests, responses, context) =>
        {
            await foreach (StringValue request in requests.ReadAllAsync(context.CancellationToken)) await responses.WriteAsync(request);
        });

    public static RpcService Unary(UnaryServerMethod<StringValue, StringValue> handler) => RpcService.Create(Service).Unary("Echo", StringValue.Parser, handler);

    public static RpcService Streaming(ServerStreamingServerMethod<StringValue, StringValue> handler) => RpcService.Create(Service).ServerStreaming("Hold", StringValue.Parser, handler);

    public static StringValue Text(string value) => new() { Value = value };

    /// <summary>Asserts that a call ends with this status.</summary>
    public static async Task<RpcException> FailsAsync(StatusCode code, Func<Task> call)
    {
        RpcException e = await Assert.ThrowsAsync<RpcException>(call);
        Assert.Equal(code, e.StatusCode);
        return e;
    }

    /// <summary>Asserts that a server still serves: the point of every abuse test.</summary>
    public static async Task StillServesAsync(RpcTestServer server)
    {
        using RpcChannel channel = server.Channel();
        StringValue answer = await channel.UnaryAsync(Echo, Text("still there"), new CallOptions(Timeout: TimeSpan.FromSeconds(60)));
        Assert.Equal("still there", answer.Value);
    }
}
