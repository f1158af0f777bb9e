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
public sealed class ServingTests
{
    [Fact]
    public async Task While_the_daemon_starts_calls_are_answered_unavailable()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("serving-");
        string path = Path.Combine(folder.FullName, "workload.sock");
        using UnixPeerTransportFactory transport = new(new UnixTransportOptions(), TimeProvider.System, NullLogger<UnixPeerTransportFactory>.Instance);
        await using (RpcServer server = new(new RpcServerOptions(), transport, NullLoggerFactory.Instance, TimeProvider.System))
        {
            server.Listen(new RpcEndpoint
            {
                Address = new UnixListenEndPoint(UnixSocketBinder.Bind(new UnixSocketOptions { Path = path })),
                Services = [new WorkloadApiService(new Serving(), new WorkloadApiProfiles(X509: true, Jwt: true, Wit: true, AllowUnregisteredBundles: false)).Describe()],
                Gate = SecurityHeader.Check,
            });
            await server.StartAsync();
            using RpcChannel channel = new(new UnixDomainSocketEndPoint(path));
            CallOptions options = new(new Metadata { { "workload.spiffe.io", "true" } }, TimeSpan.FromMinutes(1));

            Method<X509SVIDRequest, X509SVIDResponse> stream = new(MethodType.ServerStreaming, WorkloadApiService.Name, "FetchX509SVID", X509SVIDResponse.Parser);
            using ClientCall<X509SVIDRequest, X509SVIDResponse> call = channel.Call(stream, new X509SVIDRequest(), options);
            Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None))).StatusCode);

            Method<JWTSVIDRequest, JWTSVIDResponse> unary = new(MethodType.Unary, WorkloadApiService.Name, "FetchJWTSVID", JWTSVIDResponse.Parser);
            RpcException refused = await Assert.ThrowsAsync<RpcException>(() => channel.UnaryAsync(unary, new JWTSVIDRequest { Audience = { "api" } }, options));
            Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        }

        Assert.False(File.Exists(path));
        folder.Delete(recursive: true);
    }
}
