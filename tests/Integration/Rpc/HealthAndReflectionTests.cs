using Google.Protobuf.Reflection;
using Spiffe.Agent.Rpc;
using Spiffe.Agent.Rpc.Client;
using Spiffe.Agent.Rpc.Health;
using Spiffe.Agent.Rpc.Reflection;
using Spiffe.Agent.Rpc.Reflection.V1;
using static Spiffe.Agent.Rpc.Health.HealthCheckResponse.Types;
using static Spiffe.Agent.Tests.Integration.Rpc.TestCalls;

namespace Spiffe.Agent.Tests.Integration.Rpc;

public sealed class HealthAndReflectionTests
{
    private static readonly Method<HealthCheckRequest, HealthCheckResponse> Check = new(MethodType.Unary, "grpc.health.v1.Health", "Check", HealthCheckResponse.Parser);
    private static readonly Method<HealthListRequest, HealthListResponse> List = new(MethodType.Unary, "grpc.health.v1.Health", "List", HealthListResponse.Parser);
    private static readonly Method<HealthCheckRequest, HealthCheckResponse> Watch = new(MethodType.ServerStreaming, "grpc.health.v1.Health", "Watch", HealthCheckResponse.Parser);

    [Fact]
    public async Task Health_tells_what_was_set_and_not_found_for_the_rest()
    {
        HealthService health = new();
        await using RpcTestServer server = await RpcTestServer.StartAsync(health.Service);
        using RpcChannel channel = server.Channel();
        Assert.Equal(ServingStatus.NotServing, (await channel.UnaryAsync(Check, new HealthCheckRequest())).Status);
        health.Set("", ServingStatus.Serving);
        health.Set("a", ServingStatus.NotServing);
        Assert.Equal(ServingStatus.Serving, (await channel.UnaryAsync(Check, new HealthCheckRequest())).Status);
        Assert.Equal(ServingStatus.NotServing, (await channel.UnaryAsync(List, new HealthListRequest())).Statuses["a"].Status);
        await FailsAsync(StatusCode.NotFound, () => channel.UnaryAsync(Check, new HealthCheckRequest { Service = "b" }));
    }

    [Fact]
    public async Task Watch_begins_with_the_state_and_tells_each_change_once()
    {
        HealthService health = new();
        await using RpcTestServer server = await RpcTestServer.StartAsync(health.Service);
        using RpcChannel channel = server.Channel();
        using ClientCall<HealthCheckRequest, HealthCheckResponse> watch = channel.Call(Watch, new HealthCheckRequest { Service = "a" });
        Assert.Equal(ServingStatus.ServiceUnknown, await NextAsync());
        health.Set("other", ServingStatus.Serving);
        health.Set("a", ServingStatus.Serving);
        Assert.Equal(ServingStatus.Serving, await NextAsync());
        health.SetAllNotServing();
        Assert.Equal(ServingStatus.NotServing, await NextAsync());

        async Task<ServingStatus> NextAsync()
        {
            Assert.True(await watch.ResponseStream.MoveNext(default));
            return watch.ResponseStream.Current.Status;
        }
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("v1alpha")]
    public async Task Reflection_tells_services_and_their_files(string version)
    {
        HealthService health = new();
        await using RpcTestServer server = await RpcTestServer.StartAsync([health.Service, EchoService(), .. ReflectionService.Create(health.Service)]);
        using RpcChannel channel = server.Channel();
        Method<ServerReflectionRequest, ServerReflectionResponse> info = new(
            MethodType.DuplexStreaming, $"grpc.reflection.{version}.ServerReflection", "ServerReflectionInfo", ServerReflectionResponse.Parser);
        using ClientCall<ServerReflectionRequest, ServerReflectionResponse> call = channel.Call(info);

        ServerReflectionResponse services = await AskAsync(new ServerReflectionRequest { ListServices = "" });
        Assert.Equal(
            ["grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"], services.ListServicesResponse.Service.Select(s => s.Name));

        foreach (string symbol in (string[])["grpc.health.v1.Health", "grpc.health.v1.Health.Check", "grpc.health.v1.HealthCheckResponse.ServingStatus"])
        {
            ServerReflectionResponse file = await AskAsync(new ServerReflectionRequest { FileContainingSymbol = symbol });
            Assert.Equal(symbol, file.OriginalRequest.FileContainingSymbol);
            Assert.Equal("grpc.health.v1", FileDescriptorProto.Parser.ParseFrom(file.FileDescriptorResponse.FileDescriptorProto[0]).Package);
        }

        Assert.Equal((int)StatusCode.NotFound, (await AskAsync(new ServerReflectionRequest { FileContainingSymbol = "absent.Symbol" })).ErrorResponse.ErrorCode);
        Assert.Equal((int)StatusCode.NotFound, (await AskAsync(new ServerReflectionRequest { FileByFilename = "absent.proto" })).ErrorResponse.ErrorCode);
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(default));

        async Task<ServerReflectionResponse> AskAsync(ServerReflectionRequest request)
        {
            await call.RequestStream.WriteAsync(request);
            Assert.True(await call.ResponseStream.MoveNext(default));
            return call.ResponseStream.Current;
        }
    }
}
