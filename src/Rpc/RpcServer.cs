using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Spiffe.Agent.Rpc.Server;

namespace Spiffe.Agent.Rpc;

/// <summary>A gRPC server on Kestrel, without the rest of ASP.NET: HTTP/2 with prior knowledge on every endpoint.</summary>
/// <remarks>Add endpoints, start, stop, dispose. A server is started once.</remarks>
public sealed class RpcServer : IAsyncDisposable
{
    private readonly RpcServerOptions _options;
    private readonly KestrelServerOptions _kestrelOptions;
    private readonly KestrelServer _kestrel;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ServerLifetime _lifetime;
    private readonly ConnectionAdmission _admission;
    private readonly List<ListenOptions> _listening = [];
    private Task? _stopped;

    /// <param name="options">The bounds.</param>
    /// <param name="transport">Accepts connections; sets <see cref="Transport.UnixPeer"/> as a feature of each where it can.</param>
    /// <param name="loggers">Kestrel's logs and ours.</param>
    /// <param name="time">Clock of deadlines.</param>
    public RpcServer(RpcServerOptions options, IConnectionListenerFactory transport, ILoggerFactory loggers, TimeProvider time)
    {
        _options = options;
        _lifetime = new ServerLifetime(time, loggers.CreateLogger<RpcServer>(), _stopping.Token);
        _admission = new ConnectionAdmission(options, _lifetime);
        _kestrelOptions = KestrelLimits.Apply(options);
        _kestrel = new KestrelServer(Options.Create(_kestrelOptions), transport, loggers);
    }

    /// <summary>Where it listens, in the order of <see cref="Listen(RpcEndpoint)"/>; with real port numbers once started.</summary>
    public IReadOnlyList<EndPoint> Addresses => [.. _listening.Select(l => l.EndPoint)];

    public RpcServer Listen(EndPoint address, params IReadOnlyList<RpcService> services) => Listen(new RpcEndpoint { Address = address, Services = services });

    /// <exception cref="ArgumentException">A method is served twice there.</exception>
    public RpcServer Listen(RpcEndpoint endpoint)
    {
        ServiceTable services = new(endpoint);
        _kestrelOptions.Listen(endpoint.Address, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.Use(next => connection => _admission.ServeAsync(connection, services, next));
            _listening.Add(listen);
        });
        return this;
    }

    /// <summary>Binds every endpoint and serves.</summary>
    /// <exception cref="IOException">An address is taken or cannot be bound.</exception>
    public Task StartAsync(CancellationToken cancellationToken = default) =>
        _kestrel.StartAsync(new RpcApplication(_options, _lifetime), cancellationToken);

    /// <summary>Stops accepting, says goodbye to every connection (GOAWAY) and ends streams with Unavailable; unary calls may run on for
    /// <see cref="RpcServerOptions.DrainTimeout"/>, then what is left is aborted. Repeating it waits for the same end.</summary>
    /// <param name="cancellationToken">Cuts the drain time short.</param>
    public Task StopAsync(CancellationToken cancellationToken = default) => _stopped ??= DrainAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _kestrel.Dispose();
        _stopping.Dispose();
    }

    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource drain = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        drain.CancelAfter(_options.DrainTimeout);
        Task stopped = _kestrel.StopAsync(drain.Token);
        await _stopping.CancelAsync();
        await stopped;
    }
}
