using System.Net;
using System.Net.Sockets;

namespace Spiffe.Agent.Rpc.Client;

/// <summary>Where a channel connects to.</summary>
internal static class RpcAddress
{
    /// <summary>Reads <c>unix:///absolute/path</c> and <c>tcp://IP:port</c>.</summary>
    /// <exception cref="ArgumentException">Anything else.</exception>
    public static EndPoint Parse(Uri address)
    {
        if (!address.IsAbsoluteUri || address.Query.Length > 0 || address.Fragment.Length > 0 || address.UserInfo.Length > 0) throw Unknown(address);
        if (address.Scheme == "unix" && address.Host.Length == 0 && address.AbsolutePath.Length > 1) return new UnixDomainSocketEndPoint(Uri.UnescapeDataString(address.AbsolutePath));
        if (address.Scheme == "tcp" && IPAddress.TryParse(address.Host, out IPAddress? ip) && address.Port > 0) return new IPEndPoint(ip, address.Port);
        throw Unknown(address);
    }

    private static ArgumentException Unknown(Uri address) => new($"{address}: an address is unix:///absolute/path or tcp://IP:port", nameof(address));
}
