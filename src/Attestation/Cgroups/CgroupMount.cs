using System.Buffers;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Attestation.Native;
using Spiffe.Agent.Attestation.Proc;

namespace Spiffe.Agent.Attestation.Cgroups;

/// <summary>A hierarchy's directories, held open at the top of a mount: directories are looked up beneath it, whatever is mounted meanwhile.</summary>
/// <remarks>Safe for use by several threads. Every answer must come from the very file system that was opened, so nothing mounted over a part of it is believed.</remarks>
internal sealed unsafe class CgroupMount
{
    /// <summary>The inode of a hierarchy's true root, in all versions of kernfs.</summary>
    private const ulong RootInode = 1;

    private const long UnifiedMagic = 0x63677270;
    private const long VersionOneMagic = 0x27e0eb;
    private const int MaxPath = 4096;

    private readonly SafeFileHandle _top;
    private readonly uint _major;
    private readonly uint _minor;

    private CgroupMount(SafeFileHandle top, in MountInfoLine mount, bool isUnified, in StatxBuffer stat)
    {
        _top = top;
        Point = mount.Point;
        Options = $",{mount.Options},";
        IsForeign = mount.Root != "/";
        IsUnified = isUnified;
        IsWhole = stat.Inode == RootInode;
        (_major, _minor) = (stat.DeviceMajor, stat.DeviceMinor);
    }

    /// <summary>Where it is mounted here.</summary>
    internal string Point { get; }

    /// <summary>The mount's super options, between commas.</summary>
    internal string Options { get; }

    internal bool IsUnified { get; }

    /// <summary>Whether its top lies above the root of this process's cgroup namespace.</summary>
    internal bool IsForeign { get; }

    /// <summary>Whether the mount shows the hierarchy from its true root, whatever this process's own cgroup namespace is.</summary>
    internal bool IsWhole { get; }

    /// <summary>Opens a mount; null unless it is a cgroup file system, not hidden by another mount, and shows all of the cgroup namespace.</summary>
    internal static CgroupMount? TryOpen(in MountInfoLine mount)
    {
        if (mount.Type is not ("cgroup2" or "cgroup") || !ShowsAll(mount.Root)) return null;
        fixed (byte* path = Encoding.UTF8.GetBytes(mount.Point + "\0"))
        {
            // Not O_PATH: open_by_handle_at(2) does not take it.
            int fd = Libc.Open(path, Libc.ReadOnly | Libc.Directory | Libc.CloseOnExec);
            if (fd < 0) return null;
            SafeFileHandle top = new(fd, ownsHandle: true);
            byte* statfs = stackalloc byte[256]; // struct statfs: f_type first, a long.
            long magic = Libc.FileSystemOf(top, statfs) == 0 ? *(long*)statfs : 0;
            StatxBuffer stat;
            byte empty = 0;
            bool read = Libc.Statx(fd, &empty, Libc.EmptyPath, StatxBuffer.BasicStats | StatxBuffer.MountIdBit, &stat) == 0;
            bool isThis = read && ((stat.Mask & StatxBuffer.MountIdBit) == 0 || stat.MountId == mount.Id);
            if (isThis && magic == (mount.Type == "cgroup2" ? UnifiedMagic : VersionOneMagic)) return new CgroupMount(top, mount, magic == UnifiedMagic, stat);
            top.Dispose();
            return null;
        }
    }

    /// <summary>Whether all these controllers (or this name) are in the mount's hierarchy.</summary>
    internal bool Has(string controllers)
    {
        foreach (string name in controllers.Split(','))
        {
            if (!Options.Contains($",{name},", StringComparison.Ordinal)) return false;
        }

        return true;
    }

    /// <summary>Whether a mount's top, as this process's cgroup namespace names it, is the namespace's root or above it: <c>/</c>, <c>/..</c>, <c>/../..</c>.</summary>
    private static bool ShowsAll(string root) => root == "/" || root.Replace("/..", "", StringComparison.Ordinal).Length == 0;

    /// <summary>Looks at a directory, or a file in one, by its path from the top with a zero byte at the end; the empty path is the top. False with the errno.</summary>
    internal bool TryStat(ReadOnlySpan<byte> pathWithNul, out StatxBuffer stat, out int error)
    {
        bool added = false;
        try
        {
            _top.DangerousAddRef(ref added);
            fixed (byte* path = pathWithNul)
            fixed (StatxBuffer* buffer = &stat)
            {
                const int Flags = Libc.EmptyPath | Libc.NoFollow | Libc.NoAutomount;
                bool read = Libc.Statx((int)_top.DangerousGetHandle(), path, Flags, StatxBuffer.BasicStats, buffer) == 0;
                error = read ? 0 : System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
                return read && stat.DeviceMajor == _major && stat.DeviceMinor == _minor;
            }
        }
        finally
        {
            if (added) _top.DangerousRelease();
        }
    }

    /// <summary>Opens a directory by its path from the top with a zero byte at the end; null with the errno, 0 when something else is mounted there.</summary>
    internal SafeFileHandle? TryOpenDirectory(ReadOnlySpan<byte> pathWithNul, out StatxBuffer stat, out int error)
    {
        stat = default;
        fixed (byte* path = pathWithNul)
        {
            int fd = Libc.OpenAt(_top, path, Libc.ReadOnly | Libc.Directory | Libc.OpenNoFollow | Libc.CloseOnExec);
            error = fd < 0 ? System.Runtime.InteropServices.Marshal.GetLastPInvokeError() : 0;
            if (fd < 0) return null;
            SafeFileHandle opened = new(fd, ownsHandle: true);
            byte empty = 0;
            fixed (StatxBuffer* buffer = &stat)
            {
                bool read = Libc.Statx(fd, &empty, Libc.EmptyPath, StatxBuffer.BasicStats, buffer) == 0;
                if (read && stat.DeviceMajor == _major && stat.DeviceMinor == _minor) return opened;
            }

            opened.Dispose();
            return null;
        }
    }

    /// <summary>The path, from the top, of the cgroup with this id; null when it is not there or must not be asked for (needs CAP_DAC_READ_SEARCH).</summary>
    internal string? PathOf(ulong cgroupId)
    {
        FileHandle handle = new() { Length = sizeof(ulong), Type = FileHandle.Kernfs, Id = cgroupId };
        int fd = Libc.OpenByHandle(_top, &handle, Libc.PathOnly | Libc.CloseOnExec);
        if (fd < 0) return null;
        using SafeFileHandle found = new(fd, ownsHandle: true);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(MaxPath);
        try
        {
            fixed (byte* link = Encoding.ASCII.GetBytes($"/proc/self/fd/{fd}\0"))
            fixed (byte* target = buffer)
            {
                int length = (int)Libc.ReadLink(link, target, MaxPath);
                if (length is <= 0 or MaxPath || !System.Text.Unicode.Utf8.IsValid(buffer.AsSpan(0, length))) return null;
                string path = Encoding.UTF8.GetString(buffer, 0, length);
                if (path == Point) return "/";
                return path.StartsWith(Point + "/", StringComparison.Ordinal) ? path[Point.Length..] : null;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
