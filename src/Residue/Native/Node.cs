using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Spiffe.Agent.Residue.Native;

/// <summary>Something with a name in the file system, held without having been opened: nothing is read, nothing wakes up, no link was followed. It stays the same whatever happens to its name.</summary>
internal sealed unsafe class Node : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly StatxBuffer _status;

    private Node(SafeFileHandle handle, StatxBuffer status) => (_handle, _status) = (handle, status);

    public FileKind Kind => (FileKind)(_status.Mode & 0xf000);

    public long Size => (long)Math.Min(_status.Size, long.MaxValue);

    /// <summary>Whether parts of it were never written.</summary>
    public bool IsSparse => Kind == FileKind.Regular && _status.Blocks < _status.Size / 512;

    public uint UserId => _status.UserId;

    public bool HasOtherNames => _status.Links > 1;

    public (uint Major, uint Minor) Device => (_status.DeviceMajor, _status.DeviceMinor);

    public ulong Inode => _status.Inode;

    public DateTimeOffset ModifiedAt => DateTimeOffset.FromUnixTimeSeconds(_status.ModifiedSeconds);

    /// <summary>Whether something is mounted here; null: the kernel does not say (before 5.8).</summary>
    public bool? IsMount => (_status.AttributesMask & StatxBuffer.MountRoot) == 0 ? null : (_status.Attributes & StatxBuffer.MountRoot) != 0;

    /// <summary>Holds a directory by its path, links followed: for the few paths that are the kernel's own. Null with the errno.</summary>
    public static Node? TryOpen(string path, out int error)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(path + "\0")) return Wrap(Libc.Open(text, Libc.PathOnly | Libc.CloseOnExec), out error);
    }

    /// <summary>Holds what a directory has by this name; null with the errno.</summary>
    /// <param name="name">One segment, without a zero byte.</param>
    /// <param name="error">0, or why not.</param>
    public Node? TryOpenChild(ReadOnlySpan<byte> name, out int error)
    {
        Span<byte> terminated = name.Length < 256 ? stackalloc byte[256] : new byte[name.Length + 1];
        name.CopyTo(terminated);
        terminated[name.Length] = 0;
        fixed (byte* text = terminated) return Wrap(Libc.OpenAt(_handle, text, Libc.PathOnly | Libc.NoFollow | Libc.CloseOnExec), out error);
    }

    /// <summary>Opens it for reading: this very file or directory, not whatever has its name by now. Never waits for a peer or a lease. Null with the errno.</summary>
    public SafeFileHandle? TryRead(out int error)
    {
        if (Kind is not (FileKind.Regular or FileKind.Directory)) throw new InvalidOperationException($"a {Kind} is not opened");
        bool held = false;
        try
        {
            _handle.DangerousAddRef(ref held);
            fixed (byte* text = Encoding.ASCII.GetBytes($"/proc/self/fd/{_handle.DangerousGetHandle()}\0"))
            {
                int fd = Libc.Open(text, Libc.ReadOnly | Libc.NonBlock | Libc.NoTerminal | Libc.CloseOnExec | (Kind == FileKind.Directory ? Libc.Directory : 0));
                error = fd < 0 ? Marshal.GetLastPInvokeError() : 0;
                return fd < 0 ? null : new SafeFileHandle(fd, ownsHandle: true);
            }
        }
        finally
        {
            if (held) _handle.DangerousRelease();
        }
    }

    /// <summary>Where a link leads, as it is written; empty when it cannot be read.</summary>
    public byte[] ReadLink()
    {
        byte[] buffer = new byte[4096]; // PATH_MAX of limits.h.
        byte empty = 0;
        fixed (byte* into = buffer)
        {
            nint length = Libc.ReadLinkAt(_handle, &empty, into, (nuint)buffer.Length);
            return length <= 0 ? [] : buffer[..(int)length];
        }
    }

    public void Dispose() => _handle.Dispose();

    private static Node? Wrap(int fd, out int error)
    {
        error = fd < 0 ? Marshal.GetLastPInvokeError() : 0;
        if (fd < 0) return null;
        SafeFileHandle handle = new(fd, ownsHandle: true);
        StatxBuffer status;
        byte empty = 0;
        if (Libc.Statx(handle, &empty, Libc.EmptyPath | Libc.NoAutomount, StatxBuffer.Basic, &status) == 0) return new Node(handle, status);
        error = Marshal.GetLastPInvokeError();
        handle.Dispose();
        return null;
    }
}
