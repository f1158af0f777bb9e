using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Spiffe.Agent.Endpoints.StatusLists;

/// <summary>Serves status lists, their keys and revocation lists over plain HTTP, to whoever asks: <c>/status/{n}</c>, <c>/status/keys</c>, <c>/crl</c>, <c>/crl/{key id}</c>.</summary>
/// <remarks>GET and HEAD, no bodies, nothing else. What is served is signed and public, so it needs no TLS to be believed; and without TLS Kestrel speaks one
/// version of HTTP on a port, so it is 1.1, which everybody speaks. A proxy in front adds both.</remarks>
public sealed class StatusListServer : IAsyncDisposable
{
    private readonly KestrelServer _kestrel;
    private readonly StatusApplication _application;
    private ListenOptions? _listening;

    /// <param name="serving">Where the daemon's state comes from; until it serves, everything is answered with 503.</param>
    /// <param name="options">Address and bounds.</param>
    /// <param name="loggers">Kestrel's logs.</param>
    /// <param name="time">Wall clock.</param>
    public StatusListServer(Serving serving, StatusListServerOptions options, ILoggerFactory loggers, TimeProvider time)
    {
        _application = new StatusApplication(new StatusDesk(serving, time));
        KestrelServerOptions kestrel = new() { AddServerHeader = false, AllowSynchronousIO = false };
        KestrelServerLimits limits = kestrel.Limits;
        limits.MaxConcurrentConnections = options.MaxConnections;
        limits.MaxRequestBodySize = 0;
        limits.MaxRequestHeadersTotalSize = options.MaxHeaderBytes;
        limits.MaxRequestLineSize = options.MaxHeaderBytes;
        limits.MaxRequestBufferSize = options.MaxHeaderBytes * 2;
        limits.RequestHeadersTimeout = options.Timeout;
        limits.KeepAliveTimeout = options.Timeout;
        kestrel.Listen(options.Listen, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            _listening = listen;
        });
        _kestrel = new KestrelServer(Options.Create(kestrel), new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers), loggers);
    }

    /// <summary>Where it listens; with the real port once started.</summary>
    public EndPoint Address => _listening!.EndPoint;

    /// <exception cref="IOException">The address is taken or cannot be bound.</exception>
    public Task StartAsync(CancellationToken cancellationToken = default) => _kestrel.StartAsync(_application, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource drain = new(TimeSpan.FromSeconds(1));
        await _kestrel.StopAsync(drain.Token);
        _kestrel.Dispose();
    }
}
