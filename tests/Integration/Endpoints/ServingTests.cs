using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Spiffe.Agent.Endpoints;
using Spiffe.Agent.Endpoints.WorkloadApi;
using Spiffe.Agent.Protocols.Workload;
using Spiffe.Agent.Rpc;
using Spiffe.Agent.Rpc.Client;
using Spiffe.Agent.Rpc.Transport;

namespace Spiffe.Agent.Tests.Integration.Endpoints;

/// <summary>Workload Endpoint §6, clause 11: the socket answers before the daemon is ready, and says so.</summary>
public sealed class ServingTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("serving-");
    private readonly UnixPeerTransportFactory _transport = new(new UnixTransportOptions(), TimeProvider.System, NullLogger<UnixPeerTransportFactory>.Instance);
    private RpcServer _server = null!;
    private RpcChannel _channel = null!;

    public async Task InitializeAsync()
    {
        string path = Path.Combine(_folder.FullName, "workload.sock");
        _server = new RpcServer(new RpcServerOptions(), _transport, NullLoggerFactory.Instance, TimeProvider.System).Listen(new RpcEndpoint
        {
            Address = new UnixListenEndPoint(UnixSocketBinder.Bind(new UnixSocketOptions { Path = path })),
            Services = [new WorkloadApiService(new Serving(), new WorkloadApiProfiles(true, true, true, false)).Describe()],
            Gate = SecurityHeader.Check,
        });
        await _server.StartAsync();
        _channel = new RpcChannel(new UnixDomainSocketEndPoint(path));
    }

    public async Task DisposeAsync()
    {
        _channel.Dispose();
        await _server.DisposeAsync();
        _transport.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task While_the_daemon_starts_calls_are_answered_unavailable()
    {
        CallOptions options = new(new Metadata { { "workload.spiffe.io", "true" } }, TimeSpan.FromMinutes(1));
        Method<X509SVIDRequest, X509SVIDResponse> stream = new(MethodType.ServerStreaming, WorkloadApiService.Name, "FetchX509SVID", X509SVIDResponse.Parser);
        using ClientCall<X509SVIDRequest, X509SVIDResponse> call = _channel.Call(stream, new X509SVIDRequest(), options);
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None))).StatusCode);

        Method<JWTSVIDRequest, JWTSVIDResponse> unary = new(MethodType.Unary, WorkloadApiService.Name, "FetchJWTSVID", JWTSVIDResponse.Parser);
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => _channel.UnaryAsync(unary, new JWTSVIDRequest { Audience = { "api" } }, options));
        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
    }
}
