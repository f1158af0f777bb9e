namespace Spiffe.Agent.Rpc;

/// <summary>Every bound of an <see cref="RpcServer"/>. The defaults are meant for a Unix socket that any local process may open.</summary>
public sealed class RpcServerOptions
{
    /// <summary>Longest request message, unpacked, in bytes. Default 4 MiB: gRPC's own. Above: ResourceExhausted.</summary>
    public int MaxReceiveMessageBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>All names and values of a call's metadata, in bytes. Default 8 KiB: gRPC's own. Above: Kestrel ends the connection before a call exists.</summary>
    public int MaxMetadataBytes { get; init; } = 8 * 1024;

    /// <summary>Header fields of a call, HTTP's own included. Default 64; ours. Above: Kestrel refuses the call before a handler sees it.</summary>
    public int MaxMetadataEntries { get; init; } = 64;

    /// <summary>Calls that are open at once on a connection. Default 1000: 5,000 watchers fit on 8 connections. Above: the client waits (SETTINGS_MAX_CONCURRENT_STREAMS).</summary>
    public int MaxStreamsPerConnection { get; init; } = 1000;

    /// <summary>Connections that are open at once, all endpoints together. Default 16,384; ours. Above: closed right after accept.</summary>
    public int MaxConnections { get; init; } = 16 * 1024;

    /// <summary>Connections that are open at once from one user id, per server. Default 12,288; ours, so that no uid but a few together use up <see cref="MaxConnections"/>.
    /// Counts only where the transport knows the peer. Above: closed right after accept.</summary>
    public int MaxConnectionsPerUser { get; init; } = 12 * 1024;

    /// <summary>Bytes of request messages that one connection may have begun and not finished. Default 8 MiB; ours: two messages of full length. Above: ResourceExhausted.</summary>
    public int MaxPartialRequestBytesPerConnection { get; init; } = 8 * 1024 * 1024;

    /// <summary>The same for all connections together. Default 128 MiB; ours.</summary>
    public int MaxPartialRequestBytes { get; init; } = 128 * 1024 * 1024;

    /// <summary>What a client may send on one stream before the handler reads, in bytes. Default 96 KiB: Kestrel allows 768 KiB, made for uploads.</summary>
    public int StreamWindowBytes { get; init; } = 96 * 1024;

    /// <summary>What a client may send on all streams of a connection before handlers read, in bytes. Default 256 KiB: Kestrel allows 1 MiB.</summary>
    public int ConnectionWindowBytes { get; init; } = 256 * 1024;

    /// <summary>Silence after which the peer is asked for a sign of life (HTTP/2 PING). Default 60 s; ours: gRPC servers ask after two hours, made for fleets of phones.</summary>
    public TimeSpan KeepAlivePingDelay { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the sign of life may take before the connection is closed. Default 30 s; ours.</summary>
    public TimeSpan KeepAlivePingTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a connection without calls is kept. Default 1 h; ours: clients call rarely and reconnecting costs an attestation.</summary>
    public TimeSpan IdleConnectionTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long the HTTP/2 preface, and the metadata of a call, may take to arrive. Default 10 s: Kestrel allows 30 s, made for the Internet.</summary>
    public TimeSpan HeadersTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long calls may run on after <see cref="RpcServer.StopAsync"/> said goodbye; then they are aborted. Default 5 s; ours.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
