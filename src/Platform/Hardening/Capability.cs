using System.Runtime.InteropServices;

namespace Spiffe.Agent.Platform.Hardening;

/// <summary>What this process may do beyond its user id: capabilities(7).</summary>
internal static partial class Capability
{
    /// <summary>CAP_IPC_LOCK: memory may be locked whatever RLIMIT_MEMLOCK says. Root may lack it, in a container say, and another user may have it.</summary>
    public const int IpcLock = 14;

    /// <summary>CAP_SYS_PTRACE: other users' processes may be looked into.</summary>
    public const int SysPtrace = 19;

    /// <summary>CAP_DAC_READ_SEARCH: files may be read and directories searched whatever their mode.</summary>
    public const int DacReadSearch = 2;

    private const uint Version3 = 0x2008_0522;

    /// <summary>Whether the calling thread has the capability in its effective set. False where the kernel does not say.</summary>
    /// <param name="capability">Its number, 0 to 31.</param>
    public static bool IsEffective(int capability)
    {
        Header header = new() { Version = Version3 };
        return capget(ref header, out Sets sets) == 0 && (sets.Effective & (1u << capability)) != 0;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int capget(ref Header header, out Sets sets);

    [StructLayout(LayoutKind.Sequential)]
    private struct Header
    {
        public uint Version;
        public int Pid;
    }

    // Two times three words in version 3: capabilities 0 to 31, then the rest.
    [StructLayout(LayoutKind.Sequential, Size = 24)]
    private readonly struct Sets
    {
        public readonly uint Effective;
    }
}
