using System.Runtime.InteropServices;

namespace Spiffe.Agent.Residue.Native;

/// <summary><c>struct statx</c>, as far as it is used.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct StatxBuffer
{
    /// <summary>STATX_BASIC_STATS.</summary>
    internal const uint Basic = 0x7ff;

    /// <summary>STATX_ATTR_MOUNT_ROOT.</summary>
    internal const ulong MountRoot = 0x2000;

    [FieldOffset(8)] internal ulong Attributes;
    [FieldOffset(16)] internal uint Links;
    [FieldOffset(20)] internal uint UserId;
    [FieldOffset(28)] internal ushort Mode;
    [FieldOffset(32)] internal ulong Inode;
    [FieldOffset(40)] internal ulong Size;
    [FieldOffset(48)] internal ulong Blocks;
    [FieldOffset(56)] internal ulong AttributesMask;
    [FieldOffset(112)] internal long ModifiedSeconds;
    [FieldOffset(136)] internal uint DeviceMajor;
    [FieldOffset(140)] internal uint DeviceMinor;
}
