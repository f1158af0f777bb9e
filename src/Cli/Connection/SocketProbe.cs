using System.Net.Sockets;

namespace Spiffe.Agent.Cli.Connection;

/// <summary>Finds out why a Unix socket could not be reached. Asked only after a call has failed.</summary>
internal static class SocketProbe
{
    /// <summary>Null when it can be reached now, and for TCP, where the call's own error says all there is.</summary>
    public static Fault? Fault(EndpointAddress address)
    {
        if (address.SocketPath is null) return null;
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            socket.Connect(address.EndPoint);
            return null;
        }
        catch (SocketException e)
        {
            return Explain(e.SocketErrorCode, address, address.SocketPath);
        }
    }

    private static Fault? Explain(SocketError error, EndpointAddress address, string path)
    {
        string purpose = address.Option.Purpose;
        string elsewhere = $"name another with {address.Option.Flag} or ${address.Option.Variable}";
        switch (error)
        {
            case SocketError.AccessDenied:
                return new Fault(ExitCodes.PermissionDenied, $"{purpose}: permission denied", path, SocketOwner.Remedy(path));
            case SocketError.ConnectionRefused:
                return new Fault(ExitCodes.Unavailable, $"{purpose}: nobody listens", path, $"has the agent stopped? 'systemctl status spiffe-agent', or 'make dev'; {elsewhere}");
            case SocketError.WouldBlock or SocketError.InProgress:
                return null;
            case var _ when !File.Exists(path):
                return new Fault(ExitCodes.Unavailable, $"{purpose}: no such socket", path, $"is the agent running? 'systemctl status spiffe-agent', or 'make dev'; {elsewhere}");
            default:
                return new Fault(ExitCodes.Unavailable, $"{purpose}: cannot connect ({error})", path, elsewhere);
        }
    }
}
