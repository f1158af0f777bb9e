using System.Net;

namespace Spiffe.Agent.Rpc.Transport;

/// <summary>Where <see cref="UnixPeerTransportFactory"/> listens: a socket that <see cref="UnixSocketBinder"/> has made. Give it to <c>KestrelServerOptions.Listen</c>.</summary>
/// <remarks>The transport owns the socket from <c>BindAsync</c> on and takes its name away when it unbinds.</remarks>
public sealed class UnixListenEndPoint(BoundUnixSocket socket) : EndPoint
{
    /// <summary>The listening socket.</summary>
    public BoundUnixSocket Socket { get; } = socket;

    public override string ToString() => string.Concat("unix://", Socket.Path);
}
