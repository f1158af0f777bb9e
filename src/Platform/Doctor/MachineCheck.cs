using System.Globalization;
using System.Runtime.InteropServices;
using Spiffe.Agent.Platform.Hardening;
using Spiffe.Agent.Rpc.Transport;

namespace Spiffe.Agent.Platform.Doctor;

/// <summary>What of the daemon's guarantees this machine, this user and this kernel allow. Changes nothing that outlives the process.</summary>
public static partial class MachineCheck
{
    public static IReadOnlyList<Finding> Run() =>
    [
        Kernel(),
        PeerProcess(),
        OtherUsers(),
        .. ProcessProtection.Apply().Select(p => new Finding(p.Name, p.Holds, p.Detail)),
        Swap(),
    ];

    private static Finding Kernel() => new("kernel", Environment.OSVersion.Version >= new Version(5, 3), $"Linux {Environment.OSVersion.Version}; 5.3 or newer is needed for pidfds");

    private static Finding PeerProcess() => PeerProofProbe.Strongest() switch
    {
        PeerProof.PidFdAtConnect => new("peer-process", true, "the kernel hands over a pidfd of the process that connected (SO_PEERPIDFD): a reused pid cannot be mistaken for it"),
        PeerProof.PidFdAtAccept => new("peer-process", false, "no SO_PEERPIDFD (kernel 6.5): a pid that is reused between connect and accept is told by its start time only"),
        _ => new("peer-process", false, "no pidfds: processes are told apart by pid and start time only; use a newer kernel"),
    };

    private static Finding OtherUsers()
    {
        bool ptrace = Capability.IsEffective(Capability.SysPtrace), search = Capability.IsEffective(Capability.DacReadSearch);
        return ptrace && search
            ? new("other-users", true, "executables of other users' processes can be read (CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH)")
            : new("other-users", false, "unix:path and unix:sha256 of other users' processes cannot be read: run as root, or grant "
                + string.Join(" and ", new[] { ptrace ? null : "CAP_SYS_PTRACE", search ? null : "CAP_DAC_READ_SEARCH" }.OfType<string>()));
    }

    private static Finding Swap()
    {
        if (sysinfo(out SystemInformation information) != 0) return new("swap", false, "sysinfo failed");
        ulong megabytes = information.TotalSwap * Math.Max(1u, information.Unit) >> 20;
        return megabytes == 0
            ? new("swap", true, "there is no swap")
            : new("swap", false, string.Create(CultureInfo.InvariantCulture, $"{megabytes} MiB of swap: keys stay out of it only where memory-locked holds"));
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int sysinfo(out SystemInformation information);

    /// <summary>struct sysinfo of sysinfo(2) on 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    private struct SystemInformation
    {
        public long Uptime;
        public ulong Load1;
        public ulong Load5;
        public ulong Load15;
        public ulong TotalRam;
        public ulong FreeRam;
        public ulong SharedRam;
        public ulong BufferRam;
        public ulong TotalSwap;
        public ulong FreeSwap;
        public ushort Processes;
        public ushort Pad;
        public uint PadToEight;
        public ulong TotalHigh;
        public ulong FreeHigh;
        public uint Unit;
    }
}
