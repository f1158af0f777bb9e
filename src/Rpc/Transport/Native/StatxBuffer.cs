using System.Runtime.InteropServices;

namespace Spiffe.Agent.Rpc.Transport.Native;

/// <summary><c>struct statx</c>: the same layout on every architecture.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct StatxBuffer
{
    internal const uint BasicStats = 0x7ff;

    [FieldOffset(28)] internal ushort Mode;
    [FieldOffset(32)] internal ulong Inode;
    [FieldOffset(136)] internal uint DeviceMajor;
    [FieldOffset(140)] internal uint DeviceMinor;

    /// <summary>S_IFMT of the mode.</summary>
    internal readonly int FileType => Mode & 0xF000;
}
