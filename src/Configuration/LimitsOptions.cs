namespace Spiffe.Agent.Configuration;

/// <summary><c>limits</c>: what callers may use up.</summary>
public sealed class LimitsOptions
{
    /// <summary><c>max_connections</c>: open connections of everybody together. 16384 by default.</summary>
    public required int MaxConnections { get; init; }

    /// <summary><c>max_connections_per_uid</c>: open connections of one user. 1024 by default; never above <see cref="MaxConnections"/>.</summary>
    public required int MaxConnectionsPerUid { get; init; }

    /// <summary><c>max_streams_per_connection</c>: calls in flight on one connection. 1024 by default.</summary>
    public required int MaxStreamsPerConnection { get; init; }

    /// <summary><c>max_message_size</c>: bytes of one request. 4MiB by default, as in gRPC.</summary>
    public required int MaxMessageSize { get; init; }

    /// <summary><c>max_metadata_size</c>: bytes of one request's headers. 16KiB by default.</summary>
    public required int MaxMetadataSize { get; init; }

    /// <summary><c>requests_per_second_per_uid</c>: calls that one user may begin each second, counted before any evidence is taken; 0 means no limit. 5000 by default.</summary>
    public required int RequestsPerSecondPerUid { get; init; }

    /// <summary><c>request_burst_per_uid</c>: calls that one user may begin at once. Twice <see cref="RequestsPerSecondPerUid"/> by default.</summary>
    public required int RequestBurstPerUid { get; init; }

    /// <summary><c>max_admin_entries</c>: entries that may be given over the admin socket; 0 lets nobody give any. 10000 by default.</summary>
    public required int MaxAdminEntries { get; init; }
}
