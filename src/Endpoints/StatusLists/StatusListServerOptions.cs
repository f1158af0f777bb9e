using System.Net;

namespace Spiffe.Agent.Endpoints.StatusLists;

/// <summary>Where status lists and revocation lists are served over HTTP, and every bound of it. All that is served is public.</summary>
public sealed class StatusListServerOptions
{
    /// <summary>The address. Loopback unless an operator says otherwise: TLS towards others is for the proxy in front.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>Connections that are open at once. Default 256; ours. Above: closed right after accept.</summary>
    public int MaxConnections { get; init; } = 256;

    /// <summary>All header fields of a request, in bytes. Default 4 KiB; ours.</summary>
    public int MaxHeaderBytes { get; init; } = 4 * 1024;

    /// <summary>How long a request's head may take, and how long a connection may be idle. Default 10 s; ours.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
}
