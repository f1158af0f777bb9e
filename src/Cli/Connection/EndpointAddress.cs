using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Spiffe.Agent.Cli.Options;
using Spiffe.Agent.Rpc.Transport;

namespace Spiffe.Agent.Cli.Connection;

/// <summary>Where a client connects to. Workload Endpoint §4: <c>unix:///absolute/path</c> or <c>tcp://IP:port</c>.</summary>
/// <remarks>This daemon serves no TCP, but a client must be able to speak to endpoints that do.</remarks>
internal sealed class EndpointAddress
{
    private const string TcpScheme = "tcp://";

    private EndpointAddress(EndpointOption option, EndPoint endPoint, string text, string? socketPath) =>
        (Option, EndPoint, Text, SocketPath) = (option, endPoint, text, socketPath);

    /// <summary>How it can be given, for remedies.</summary>
    public EndpointOption Option { get; }

    public EndPoint EndPoint { get; }

    /// <summary>The URI.</summary>
    public string Text { get; }

    /// <summary>The path of a Unix socket; null for TCP.</summary>
    public string? SocketPath { get; }

    /// <summary>Reads a URI.</summary>
    /// <param name="text">The URI.</param>
    /// <param name="option">How it was given.</param>
    /// <param name="address">The address.</param>
    /// <param name="fault">What is wrong and what to write instead.</param>
    public static bool TryParse(string text, EndpointOption option, [NotNullWhen(true)] out EndpointAddress? address, [NotNullWhen(false)] out string? fault)
    {
        address = null;
        fault = null;
        if (text.StartsWith("tcp:", StringComparison.OrdinalIgnoreCase))
        {
            if (TryParseTcp(text, out IPEndPoint? tcp)) address = new EndpointAddress(option, tcp, $"{TcpScheme}{tcp}", null);
            else fault = "TCP takes an IP address and a port and nothing else: write tcp://127.0.0.1:8080";
        }
        else if (EndpointUri.TryParse(text, out EndpointUri? unix, out fault))
        {
            address = new EndpointAddress(option, new UnixDomainSocketEndPoint(unix.Path), unix.ToString(), unix.Path);
        }

        return address is not null;
    }

    public override string ToString() => Text;

    // Workload Endpoint §4: "tcp://" IP literal ":" port, without path, query or fragment. No names: resolving one could lead off this host.
    private static bool TryParseTcp(string text, [NotNullWhen(true)] out IPEndPoint? endPoint)
    {
        endPoint = null;
        if (!text.StartsWith(TcpScheme, StringComparison.OrdinalIgnoreCase)) return false;
        ReadOnlySpan<char> rest = text.AsSpan(TcpScheme.Length);
        int colon = rest.LastIndexOf(':');
        if (colon < 1) return false;
        ReadOnlySpan<char> host = rest[..colon];
        bool isBracketed = host.Length > 2 && host[0] == '[' && host[^1] == ']';
        if (!IPAddress.TryParse(isBracketed ? host[1..^1] : host, out IPAddress? ip)) return false;
        bool isV6 = ip.AddressFamily == AddressFamily.InterNetworkV6;
        if (isV6 != isBracketed || (!isV6 && host.Count('.') != 3)) return false;
        if (!ushort.TryParse(rest[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) || port == 0) return false;
        endPoint = new IPEndPoint(ip, port);
        return true;
    }
}
