using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Spiffe.Agent.Rpc.Server;

/// <summary>Says our bounds in Kestrel's words.</summary>
internal static class KestrelLimits
{
    public static KestrelServerOptions Apply(RpcServerOptions options)
    {
        KestrelServerOptions kestrel = new() { AddServerHeader = false, AllowSynchronousIO = false, ApplicationServices = NoServices.Instance };
        KestrelServerLimits limits = kestrel.Limits;
        limits.MaxRequestHeadersTotalSize = options.MaxMetadataBytes;
        limits.MaxRequestHeaderCount = options.MaxMetadataEntries;
        limits.KeepAliveTimeout = options.IdleConnectionTimeout;
        limits.RequestHeadersTimeout = options.HeadersTimeout;
        limits.MaxConcurrentConnections = null; // ConnectionAdmission counts, and logs whom it refuses.
        limits.MaxRequestBodySize = null; // A stream has no length; RequestReader bounds each message.

        // A stream may be silent for hours and a debugged workload may not read for minutes: neither is an attack. What such a peer
        // costs is bounded by the windows below, by writers that wait, and by the ping that closes connections that do not answer.
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;

        limits.Http2.MaxStreamsPerConnection = options.MaxStreamsPerConnection;
        limits.Http2.InitialStreamWindowSize = options.StreamWindowBytes;
        limits.Http2.InitialConnectionWindowSize = options.ConnectionWindowBytes;
        limits.Http2.MaxRequestHeaderFieldSize = options.MaxMetadataBytes;
        limits.Http2.KeepAlivePingDelay = options.KeepAlivePingDelay;
        limits.Http2.KeepAlivePingTimeout = options.KeepAlivePingTimeout;
        return kestrel;
    }

    // Kestrel asks for services only to configure TLS or to read configuration files, neither of which happens here.
    private sealed class NoServices : IServiceProvider
    {
        public static readonly NoServices Instance = new();

        public object? GetService(Type serviceType) => null;
    }
}
