using System.Runtime.InteropServices;

namespace Spiffe.Agent.Attestation.Native;

/// <summary><c>struct statx</c> of linux/stat.h: the same layout on every architecture, unlike <c>struct stat</c>.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct StatxBuffer
{
    /// <summary>STATX_BASIC_STATS.</summary>
    internal const uint BasicStats = 0x7ff;

    /// <summary>STATX_BTIME: when the inode was made, which nobody can set.</summary>
    internal const uint BirthBit = 0x800;

    /// <summary>STATX_MNT_ID, from Linux 5.8.</summary>
    internal const uint MountIdBit = 0x1000;

    [FieldOffset(0)] internal uint Mask;
    [FieldOffset(16)] internal uint LinkCount;
    [FieldOffset(20)] internal uint UserId;
    [FieldOffset(24)] internal uint GroupId;
    [FieldOffset(28)] internal ushort Mode;
    [FieldOffset(32)] internal ulong Inode;
    [FieldOffset(40)] internal ulong Size;
    [FieldOffset(80)] internal long BirthSeconds;
    [FieldOffset(88)] internal uint BirthNanoseconds;
    [FieldOffset(96)] internal long ChangedSeconds;
    [FieldOffset(104)] internal uint ChangedNanoseconds;
    [FieldOffset(112)] internal long ModifiedSeconds;
    [FieldOffset(120)] internal uint ModifiedNanoseconds;
    [FieldOffset(136)] internal uint DeviceMajor;
    [FieldOffset(140)] internal uint DeviceMinor;
    [FieldOffset(144)] internal ulong MountId;
}
