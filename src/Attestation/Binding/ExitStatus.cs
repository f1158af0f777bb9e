using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Attestation.Native;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Attestation.Proc;

namespace Spiffe.Agent.Attestation.Binding;

/// <summary>Asks how a process that is not this one's child has ended. Its parent alone is told by wait(2), so the kernel is asked by two other ways.</summary>
internal static unsafe class ExitStatus
{
    private static readonly int[] ExitCode = [52];

    /// <summary>Before, stat told how the first thread had ended, which may be long ago and another way than the process.</summary>
    private static readonly bool StatTellsOfTheProcess = Environment.OSVersion.Version >= new Version(5, 17);

    /// <summary>Of a process that has exited. While it is a zombie /proc/PID/stat tells; once reaped its pidfd does (Linux 6.15): asked again, should it be reaped in between.</summary>
    internal static ProcessExit Of(PeerProcess peer) =>
        OfReaped(peer) ?? OfZombie(peer.Directory) ?? OfReaped(peer) ?? ProcessExit.Unknown;

    private static ProcessExit? OfReaped(PeerProcess peer)
    {
        if (peer.PidFd is not SafeFileHandle pidFd) return null;
        PidFdInfo info = new() { Mask = PidFdInfo.ExitBit };
        bool told = Libc.Control(pidFd, PidFdInfo.GetInfo, (nint)(&info)) == 0 && (info.Mask & PidFdInfo.ExitBit) != 0;
        return told ? ProcessExit.FromWaitStatus(info.ExitCode) : null;
    }

    /// <summary>The kernel writes 0 for who may not see it (PTRACE_MODE_READ_FSCREDS), so 0 counts only if the link exe, which asks the same, is not refused but leads nowhere.</summary>
    private static ProcessExit? OfZombie(ProcessDirectory directory)
    {
        Span<ulong> value = stackalloc ulong[1];
        if (!StatTellsOfTheProcess || !StatFields.TryRead(directory, ExitCode, value) || value[0] > int.MaxValue) return null;
        if (value[0] == 0)
        {
            Span<byte> target = stackalloc byte[1];
            if (directory.ReadExecutableLink(target) >= 0 || System.Runtime.InteropServices.Marshal.GetLastPInvokeError() != Libc.NoEntry) return null;
        }

        return ProcessExit.FromWaitStatus((int)value[0]);
    }
}
