using System.Text;
using Spiffe.Agent.Attestation.Attestors.Unix;

namespace Spiffe.Agent.Attestation.Peer;

/// <summary>What the kernel says of a process that decides whether a service's word about it still counts.</summary>
/// <param name="Executable">What it runs; null when that may not be seen.</param>
/// <param name="Cgroup">Text of its /proc/PID/cgroup; null when that cannot be read whole.</param>
internal sealed record KernelState(ExecutableId? Executable, string? Cgroup)
{
    /// <summary>Longest text that is compared. The kernel writes a line of at most 4096 bytes for each of a dozen hierarchies; paths of a hundred bytes are usual.</summary>
    private const int MaxCgroup = 16 * 1024;

    /// <summary>Nothing may be kept under a state that is not known whole.</summary>
    internal bool IsKnown => Cgroup is not null;

    internal static KernelState Of(PeerProcess peer)
    {
        Span<byte> buffer = stackalloc byte[MaxCgroup];
        int length = peer.Directory.ReadFile("cgroup\0"u8, buffer, out _);
        return new KernelState(ExecutableId.Of(peer.Directory), length >= 0 && length < MaxCgroup ? Encoding.Latin1.GetString(buffer[..length]) : null);
    }
}
