using System.Runtime.InteropServices;

namespace Spiffe.Agent.Attestation.Native;

/// <summary>struct sockaddr_nl, netlink(7).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NetlinkAddress
{
    internal ushort Family;
    internal ushort Padding;

    /// <summary>Who sent it: 0 is the kernel.</summary>
    internal uint PortId;

    internal uint Groups;
}
