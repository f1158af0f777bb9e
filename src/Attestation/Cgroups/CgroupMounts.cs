using System.Collections.Immutable;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Attestation.Native;
using Spiffe.Agent.Attestation.Proc;

namespace Spiffe.Agent.Attestation.Cgroups;

/// <summary>The cgroup file systems that this process has mounted. Found once; looked for again when one was missing and the kernel says that mounts have changed.</summary>
internal sealed class CgroupMounts
{
    private readonly Lock _lock = new(); // guards the look-up; the result is swapped whole
    private readonly SafeFileHandle? _table = OpenTable();
    private ImmutableArray<CgroupMount> _found;

    /// <summary>The mount whose top is the root of this process's cgroup namespace, from which the paths of /proc/PID/cgroup count; null when there is none.</summary>
    internal CgroupMount? OfView(CgroupLine line) => Find(mount => !mount.IsForeign && Holds(mount, line));

    /// <summary>The mount that shows the hierarchy from its true root though this process's cgroup namespace begins further down; null when there is none.</summary>
    internal CgroupMount? OfHost(CgroupLine line) => Find(mount => mount is { IsForeign: true, IsWhole: true } && Holds(mount, line));

    private static bool Holds(CgroupMount mount, CgroupLine line) => line.IsUnified ? mount.IsUnified : !mount.IsUnified && mount.Has(line.Controllers);

    private CgroupMount? Find(Func<CgroupMount, bool> fits)
    {
        ImmutableArray<CgroupMount> found = _found;
        CgroupMount? fitting = found.IsDefault ? null : found.FirstOrDefault(fits);
        if (fitting is not null || (!found.IsDefault && !HaveChanged())) return fitting;
        lock (_lock) _found = found = Read();
        return found.FirstOrDefault(fits);
    }

    private static ImmutableArray<CgroupMount> Read()
    {
        ImmutableArray<CgroupMount>.Builder mounts = ImmutableArray.CreateBuilder<CgroupMount>();
        foreach (string line in File.ReadLines("/proc/self/mountinfo", Encoding.UTF8))
        {
            if (MountInfoLine.TryParse(line, out MountInfoLine mount) && CgroupMount.TryOpen(mount) is { } open) mounts.Add(open);
        }

        return mounts.DrainToImmutable();
    }

    /// <summary>proc_pid_mounts(5): the table becomes exceptional once for each change. True on doubt.</summary>
    private unsafe bool HaveChanged()
    {
        if (_table is null) return true;
        bool added = false;
        try
        {
            _table.DangerousAddRef(ref added);
            PollFd poll = new() { Fd = (int)_table.DangerousGetHandle(), Events = Libc.PollPriority };
            return Libc.Poll(&poll, 1, 0) != 0;
        }
        finally
        {
            if (added) _table.DangerousRelease();
        }
    }

    private static unsafe SafeFileHandle? OpenTable()
    {
        fixed (byte* path = "/proc/self/mountinfo\0"u8)
        {
            int fd = Libc.Open(path, Libc.ReadOnly | Libc.CloseOnExec);
            return fd < 0 ? null : new SafeFileHandle(fd, ownsHandle: true);
        }
    }
}
