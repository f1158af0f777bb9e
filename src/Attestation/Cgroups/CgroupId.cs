using System.Runtime.InteropServices;
using Spiffe.Agent.Attestation.Native;
using Spiffe.Agent.Attestation.Peer;

namespace Spiffe.Agent.Attestation.Cgroups;

/// <summary>The id of a process's cgroup in the unified hierarchy, asked of its pidfd: no path, no name, and no pid that could have changed hands.</summary>
internal static unsafe class CgroupId
{
    private const int NoSuchControl = 25;
    private const int Invalid = 22;

    private static volatile bool _unsupported;

    /// <summary>False when the process is gone. The id is null on kernels before 6.13, which do not tell.</summary>
    internal static bool TryRead(PeerProcess peer, out ulong? id)
    {
        id = null;
        if (_unsupported || peer.PidFd is not { } pidFd) return true;
        PidFdInfo info = new() { Mask = PidFdInfo.CgroupIdBit };
        if (Libc.Control(pidFd, PidFdInfo.GetInfo, (nint)(&info)) != 0)
        {
            if (Marshal.GetLastPInvokeError() is not (NoSuchControl or Invalid)) return false;
            _unsupported = true;
            return true;
        }

        if ((info.Mask & PidFdInfo.CgroupIdBit) != 0) id = info.CgroupId;
        return true;
    }
}
