using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Tests.Unit.Cli;

/// <summary>An endpoint on a real Unix socket whose answers a test makes up. Attests nobody.</summary>
internal sealed class FakeAgent : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("cli-test-");
    private RpcServer? _server;

    public string Path => System.IO.Path.Combine(_directory.FullName, "agent.sock");

    public string Uri => $"unix://{Path}";

    /// <summary>The workload.spiffe.io headers of all calls, in order; null where one had none.</summary>
    public List<string?> SecurityHeaders { get; } = [];

    public static async Task<FakeAgent> StartAsync(params RpcService[] services)
    {
        FakeAgent agent = new();
        await agent.ServeAsync(services);
        return agent;
    }

    /// <summary>The Workload API with these methods alone.</summary>
    public static RpcService Workload() => RpcService.Create("SpiffeWorkloadAPI");

    public static RpcService Admin() => RpcService.Create("spiffeagent.admin.v1.Admin");

    public async Task ServeAsync(params RpcService[] services)
    {
        SocketTransportFactory transport = new(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        _server = new RpcServer(new RpcServerOptions { DrainTimeout = TimeSpan.FromSeconds(1) }, transport, NullLoggerFactory.Instance, TimeProvider.System);
        _server.Listen(new RpcEndpoint { Address = new UnixDomainSocketEndPoint(Path), Services = services, Gate = Remember });
        await _server.StartAsync();
    }

    public async Task StopAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _server = null;
        File.Delete(Path);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _directory.Delete(recursive: true);
    }

    private Status? Remember(ServerCallContext context)
    {
        lock (SecurityHeaders) SecurityHeaders.Add(context.RequestHeaders.GetValue("workload.spiffe.io"));
        return null;
    }
}
