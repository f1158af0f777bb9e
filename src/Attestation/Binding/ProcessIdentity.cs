using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Attestation.Native;
using Spiffe.Agent.Attestation.Peer;

namespace Spiffe.Agent.Attestation.Binding;

/// <summary>One instance of one process: two are equal only if they are the same. A key for dictionaries, and a name for logs.</summary>
/// <remarks>Where the kernel numbers processes uniquely (pidfs, Linux 6.9), that number decides. Before, three processes with one pid were seen to start within one clock
/// tick: there a value of this type is no proof that a process lives; a <see cref="ProcessHold"/> is.</remarks>
/// <param name="BootId">This boot of the kernel.</param>
/// <param name="ProcessId">In this process's pid namespace.</param>
/// <param name="StartTime">Clock ticks (1/100 s) from boot.</param>
/// <param name="KernelNumber">Inode of its pidfd, never given twice in one boot; 0 where the kernel has none.</param>
public sealed record ProcessIdentity(Guid BootId, int ProcessId, ulong StartTime, ulong KernelNumber)
{
    private const long PidFsMagic = 0x50494446; // PID_FS_MAGIC, linux/magic.h

    /// <summary>This boot, as <c>/proc/sys/kernel/random/boot_id</c> has it.</summary>
    public static Guid CurrentBoot { get; } = Guid.Parse(File.ReadAllText("/proc/sys/kernel/random/boot_id").AsSpan().Trim(), CultureInfo.InvariantCulture);

    /// <summary>Which process a caller is: two system calls the first time, none after that. It may have exited meanwhile.</summary>
    public static ProcessIdentity Of(PeerProcess peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        return peer.Identity ??= new ProcessIdentity(CurrentBoot, peer.ProcessId, peer.StartTime, peer.PidFd is { } pidFd ? NumberOf(pidFd) : 0);
    }

    /// <summary><c>boot/pid/start/number</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{BootId:D}/{ProcessId}/{StartTime}/{KernelNumber}");

    private static unsafe ulong NumberOf(SafeFileHandle pidFd)
    {
        byte* statfs = stackalloc byte[256]; // struct statfs: f_type first, a long.
        if (Libc.FileSystemOf(pidFd, statfs) != 0 || *(long*)statfs != PidFsMagic) return 0;
        StatxBuffer stat;
        byte empty = 0;
        bool added = false;
        try
        {
            pidFd.DangerousAddRef(ref added);
            return Libc.Statx((int)pidFd.DangerousGetHandle(), &empty, Libc.EmptyPath, StatxBuffer.BasicStats, &stat) == 0 ? stat.Inode : 0;
        }
        finally
        {
            if (added) pidFd.DangerousRelease();
        }
    }
}
