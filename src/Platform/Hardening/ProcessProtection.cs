using System.Runtime.InteropServices;

namespace Spiffe.Agent.Platform.Hardening;

/// <summary>Keeps the memory of this process out of core dumps, other processes' reach and swap, as far as the system permits.</summary>
public static partial class ProcessProtection
{
    private const int PrGetDumpable = 3;
    private const int PrSetDumpable = 4;
    private const int ResourceCore = 4;
    private const int ResourceMemlock = 8;
    private const int LockCurrent = 1;
    private const int LockFuture = 2;
    private const int LockOnFault = 4;

    /// <summary>Applies everything that the system permits and reports on each. Call it before the first key is made; calling it again is harmless.</summary>
    public static IReadOnlyList<Protection> Apply() => [NotDumpable(), NoCore(), DiagnosticsPort.Close(), Locked()];

    /// <summary>prctl(2) PR_SET_DUMPABLE 0: no core dump, no ptrace and no /proc/PID/mem for processes of the same user.</summary>
    private static Protection NotDumpable()
    {
        bool holds = prctl(PrSetDumpable, 0, 0, 0, 0) == 0 && prctl(PrGetDumpable, 0, 0, 0, 0) == 0;
        return new Protection("not-dumpable", holds, holds
            ? "other processes of this user cannot read or trace the daemon's memory"
            : $"prctl(PR_SET_DUMPABLE) failed: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    private static Protection NoCore()
    {
        ResourceLimit none = default;
        bool holds = setrlimit(ResourceCore, in none) == 0;
        return new Protection("no-core-dump", holds, holds ? "RLIMIT_CORE is 0" : $"setrlimit(RLIMIT_CORE) failed: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    /// <summary>mlockall(2) with MCL_ONFAULT: what is touched stays out of swap, and address space that is only reserved costs nothing.</summary>
    private static Protection Locked()
    {
        // Without CAP_IPC_LOCK the limit counts address space, of which the garbage collector reserves far more than it uses; a lock of MCL_FUTURE
        // under a finite limit would make later allocations fail. So: all or nothing.
        if (getrlimit(ResourceMemlock, out ResourceLimit limit) != 0) return new Protection("memory-locked", false, "getrlimit(RLIMIT_MEMLOCK) failed");
        bool permitted = limit.Soft == ulong.MaxValue || Capability.IsEffective(Capability.IpcLock);
        if (!permitted)
        {
            return new Protection("memory-locked", false,
                $"RLIMIT_MEMLOCK is {limit.Soft / 1024} KiB: grant CAP_IPC_LOCK, set LimitMEMLOCK=infinity (systemd) or ulimit -l unlimited, or turn swap off");
        }

        bool holds = mlockall(LockCurrent | LockFuture | LockOnFault) == 0;
        return new Protection("memory-locked", holds, holds
            ? "memory is kept out of swap"
            : $"mlockall failed: {Marshal.GetLastPInvokeErrorMessage()}; grant CAP_IPC_LOCK or turn swap off");
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int prctl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setrlimit(int resource, in ResourceLimit limit);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getrlimit(int resource, out ResourceLimit limit);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int mlockall(int flags);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct ResourceLimit
    {
        public readonly ulong Soft;
        public readonly ulong Hard;
    }
}
