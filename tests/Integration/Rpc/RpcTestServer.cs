using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Spiffe.Agent.Rpc;
using Spiffe.Agent.Rpc.Client;

namespace Spiffe.Agent.Tests.Integration.Rpc;

/// <summary>A real server on a Unix socket in a folder of its own.</summary>
internal sealed class RpcTestServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rpc-");

    private RpcTestServer(RpcServerOptions options) =>
        Server = new RpcServer(options, new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance), NullLoggerFactory.Instance, TimeProvider.System);

    public RpcServer Server { get; }

    public UnixDomainSocketEndPoint EndPoint => new(Path.Combine(_folder.FullName, "rpc.sock"));

    public static Task<RpcTestServer> StartAsync(params RpcService[] services) => StartAsync(new RpcServerOptions(), null, services);

    public static async Task<RpcTestServer> StartAsync(RpcServerOptions options, CallGate? gate, params RpcService[] services)
    {
        RpcTestServer server = new(options);
        server.Server.Listen(new RpcEndpoint { Address = server.EndPoint, Services = services, Gate = gate });
        await server.Server.StartAsync();
        return server;
    }

    public RpcChannel Channel() => new(EndPoint);

    public async Task<RawHttp2> RawAsync()
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(EndPoint);
        return new RawHttp2(socket);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
