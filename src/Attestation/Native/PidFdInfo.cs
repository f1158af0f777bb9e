using System.Runtime.InteropServices;

namespace Spiffe.Agent.Attestation.Native;

/// <summary><c>struct pidfd_info</c> of linux/pidfd.h in its first version (Linux 6.13), which later kernels still answer.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct PidFdInfo
{
    /// <summary>PIDFD_GET_INFO: <c>_IOWR(0xFF, 11, struct pidfd_info)</c>.</summary>
    internal const nuint GetInfo = 0xc040ff0b;

    /// <summary>PIDFD_INFO_CGROUPID.</summary>
    internal const ulong CgroupIdBit = 1 << 2;

    /// <summary>PIDFD_INFO_EXIT, from Linux 6.15: answered once the process has been reaped.</summary>
    internal const ulong ExitBit = 1 << 3;

    [FieldOffset(0)] internal ulong Mask;
    [FieldOffset(8)] internal ulong CgroupId;

    /// <summary>As wait(2) gives it.</summary>
    [FieldOffset(60)] internal int ExitCode;
}
