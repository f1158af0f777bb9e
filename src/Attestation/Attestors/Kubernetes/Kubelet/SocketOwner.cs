using System.Globalization;
using System.Net;

namespace Spiffe.Agent.Attestation.Attestors.Kubernetes.Kubelet;

/// <summary>Whose the other end of a loopback connection is, as /proc/net/tcp has it (Documentation/networking/proc_net_tcp.rst).</summary>
internal static class SocketOwner
{
    private const string Established = "01";

    /// <summary>Whether the socket from <paramref name="local"/> to <paramref name="remote"/> is open, accepted and root's. False when it is not found.</summary>
    /// <remarks>A socket without an inode (closed, or not accepted yet) is shown as root's, whoever it was: it does not count.</remarks>
    internal static bool IsRoot(IPEndPoint local, IPEndPoint remote)
    {
        // A listener on [::] has IPv4 connections too, and they stand among the IPv6 ones.
        return IsRoot("/proc/self/net/tcp", Written(local, mapped: false), Written(remote, mapped: false))
            || IsRoot("/proc/self/net/tcp6", Written(local, mapped: true), Written(remote, mapped: true));
    }

    private static bool IsRoot(string table, string local, string remote)
    {
        if (!File.Exists(table)) return false;
        foreach (string line in File.ReadLines(table))
        {
            // sl local remote state queues timer retransmits uid timeout inode
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > 9 && fields[1] == local && fields[2] == remote) return fields[3] == Established && fields[7] == "0" && fields[9] != "0";
        }

        return false;
    }

    /// <summary>The kernel writes addresses as words of the machine's own byte order.</summary>
    private static string Written(IPEndPoint end, bool mapped)
    {
        IPAddress address = end.Address.IsIPv4MappedToIPv6 && !mapped ? end.Address.MapToIPv4() : mapped ? end.Address.MapToIPv6() : end.Address;
        byte[] bytes = address.GetAddressBytes();
        string text = "";
        for (int i = 0; i < bytes.Length; i += 4) text += BitConverter.ToUInt32(bytes, i).ToString("X8", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{text}:{end.Port:X4}");
    }
}
