using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Spiffe.Agent.Attestation.Peer;

namespace Spiffe.Agent.Attestation.Cgroups;

/// <summary>The bytes of /proc/PID/cgroup as text that can be compared with another reading.</summary>
internal static class CgroupText
{
    private const int FirstBuffer = 4096;

    /// <summary>Null with the errno when it cannot be read. Text that is too long comes cut off, which no parser takes. Bytes that are not UTF-8 become characters
    /// each by itself, which no path of a layout holds.</summary>
    internal static string? Read(PeerProcess peer, out int error)
    {
        Span<byte> first = stackalloc byte[FirstBuffer];
        int length = peer.Directory.ReadFile("cgroup\0"u8, first, out error);
        if (length < 0) return null;
        if (length < first.Length) return Decode(first[..length]);

        byte[] rented = ArrayPool<byte>.Shared.Rent(CgroupLines.MaxLength + 1);
        try
        {
            length = peer.Directory.ReadFile("cgroup\0"u8, rented.AsSpan(0, CgroupLines.MaxLength + 1), out error);
            return length < 0 ? null : Decode(rented.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static string Decode(ReadOnlySpan<byte> bytes) => Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Encoding.Latin1.GetString(bytes);
}
