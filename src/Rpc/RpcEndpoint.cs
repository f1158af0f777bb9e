using System.Net;

namespace Spiffe.Agent.Rpc;

/// <summary>One address to listen on and what is served there, nothing else.</summary>
public sealed class RpcEndpoint
{
    /// <summary>A <see cref="System.Net.Sockets.UnixDomainSocketEndPoint"/>, or whatever else the transport can bind.</summary>
    public required EndPoint Address { get; init; }

    /// <summary>The services of this address; each name once.</summary>
    public required IReadOnlyList<RpcService> Services { get; init; }

    /// <summary>Asked for each call before its body is read; null lets every call pass.</summary>
    public CallGate? Gate { get; init; }
}
