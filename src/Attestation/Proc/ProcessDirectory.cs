using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Attestation.Native;

namespace Spiffe.Agent.Attestation.Proc;

/// <summary>An open /proc/PID. The kernel ties it to one process: once that has been reaped every read fails with ESRCH, even when its pid is in use again.</summary>
internal sealed unsafe class ProcessDirectory : IDisposable
{
    /// <summary>Most bytes read of one file of /proc/PID. Ours: a process may be in 65,536 groups of at most 11 characters each, and status holds little else.</summary>
    internal const int MaxFileSize = 1 << 20;

    private const int FirstBuffer = 4096;

    private readonly SafeFileHandle _directory;

    private ProcessDirectory(SafeFileHandle directory) => _directory = directory;

    /// <summary>Opens /proc/PID; null when there is no such process or it is not visible (hidepid, another pid namespace).</summary>
    internal static ProcessDirectory? TryOpen(int pid)
    {
        Span<byte> path = stackalloc byte[32];
        "/proc/"u8.CopyTo(path);
        if (pid <= 0 || !System.Buffers.Text.Utf8Formatter.TryFormat(pid, path[6..], out int digits)) return null;
        path[6 + digits] = 0;
        fixed (byte* text = path)
        {
            int fd = Libc.Open(text, Libc.ReadOnly | Libc.Directory | Libc.CloseOnExec);
            return fd < 0 ? null : new ProcessDirectory(new SafeFileHandle(fd, ownsHandle: true));
        }
    }

    /// <summary>Reads stat. False with the errno (0: not understood).</summary>
    internal bool TryReadStat(out ProcessStat stat, out int error)
    {
        stat = default;
        Span<byte> buffer = stackalloc byte[1024];
        int length = ReadOnce("stat\0"u8, buffer, out error);
        return length > 0 && ProcessStat.TryParse(buffer[..length], out stat);
    }

    /// <summary>Reads status, and lets <paramref name="use"/> look at the bytes of its Groups. False with the errno (0: not understood).</summary>
    internal bool TryReadStatus<TState>(TState state, GroupsReader<TState>? use, out ProcessStatus status, out int error)
    {
        status = default;
        Span<byte> first = stackalloc byte[FirstBuffer];
        int length = ReadOnce("status\0"u8, first, out error);
        if (length < 0) return false;
        if (length < first.Length) return Parse(first[..length], out status);

        byte[] rented = ArrayPool<byte>.Shared.Rent(MaxFileSize);
        try
        {
            length = ReadOnce("status\0"u8, rented, out error);
            return length >= 0 && length < rented.Length && Parse(rented.AsSpan(0, length), out status);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        bool Parse(ReadOnlySpan<byte> text, out ProcessStatus parsed)
        {
            if (!ProcessStatus.TryParse(text, out parsed)) return false;
            use?.Invoke(text[parsed.Groups], state);
            return true;
        }
    }

    /// <summary>Reads the effective ids off the directory itself, which the kernel makes its owner whatever else it hides of the process: a tenth of what status costs.</summary>
    /// <remarks>proc_pid(5). It answers for a process that has exited too (then with root), so liveness must be asked afterwards. False when it is not what is expected.</remarks>
    internal bool TryReadOwner(out uint uid, out uint gid)
    {
        const ushort PublicDirectory = 0x4000 | 0x16d; // S_IFDIR, 0555: only then are they the effective ids, not those of a process that is not dumpable.
        StatxBuffer stat;
        byte empty = 0;
        bool added = false;
        try
        {
            _directory.DangerousAddRef(ref added);
            bool read = Libc.Statx((int)_directory.DangerousGetHandle(), &empty, Libc.EmptyPath, StatxBuffer.BasicStats, &stat) == 0;
            (uid, gid) = read ? (stat.UserId, stat.GroupId) : (uint.MaxValue, uint.MaxValue);
            return read && stat.Mode == PublicDirectory;
        }
        finally
        {
            if (added) _directory.DangerousRelease();
        }
    }

    /// <summary>The name that the program gave itself, at most 15 bytes; empty when it cannot be read. A label for people: any program may take any name.</summary>
    internal string ReadCommand()
    {
        Span<byte> buffer = stackalloc byte[64];
        int length = ReadOnce("comm\0"u8, buffer, out _);
        return length <= 0 ? "" : Encoding.UTF8.GetString(buffer[..length]).TrimEnd('\n');
    }

    /// <summary>Reads where <c>exe</c> leads. Returns the number of bytes, or -1 with the errno in <see cref="Marshal.GetLastPInvokeError"/>.</summary>
    internal int ReadExecutableLink(Span<byte> buffer)
    {
        fixed (byte* name = "exe\0"u8)
        fixed (byte* target = buffer) return (int)Libc.ReadLinkAt(_directory, name, target, (nuint)buffer.Length);
    }

    /// <summary>Opens a file of the directory, following its magic link; null with the errno.</summary>
    internal SafeFileHandle? TryOpenFile(ReadOnlySpan<byte> nameWithNul, int flags, out int error)
    {
        fixed (byte* name = nameWithNul)
        {
            int fd = Libc.OpenAt(_directory, name, flags | Libc.CloseOnExec);
            error = fd < 0 ? Marshal.GetLastPInvokeError() : 0;
            return fd < 0 ? null : new SafeFileHandle(fd, ownsHandle: true);
        }
    }

    /// <summary>Looks at what a magic link of the directory leads to. False when that cannot be seen.</summary>
    internal bool TryStatTarget(ReadOnlySpan<byte> nameWithNul, uint mask, out StatxBuffer stat)
    {
        bool added = false;
        try
        {
            _directory.DangerousAddRef(ref added);
            fixed (byte* name = nameWithNul)
            fixed (StatxBuffer* buffer = &stat)
                return Libc.Statx((int)_directory.DangerousGetHandle(), name, Libc.NoAutomount, mask, buffer) == 0;
        }
        finally
        {
            if (added) _directory.DangerousRelease();
        }
    }

    /// <summary>Reads a small file of the directory as far as <paramref name="buffer"/> reaches; a full buffer means there may be more. -1 with the errno.</summary>
    internal int ReadFile(ReadOnlySpan<byte> nameWithNul, Span<byte> buffer, out int error) => ReadOnce(nameWithNul, buffer, out error);

    public void Dispose() => _directory.Dispose();

    /// <summary>Reads until the end or until the buffer is full. A file of /proc is made anew by each open, so all reads see one state as far as the kernel allows.</summary>
    private int ReadOnce(ReadOnlySpan<byte> nameWithNul, Span<byte> buffer, out int error)
    {
        error = 0;
        int fd;
        fixed (byte* name = nameWithNul) fd = Libc.OpenAt(_directory, name, Libc.ReadOnly | Libc.CloseOnExec);
        if (fd < 0)
        {
            error = Marshal.GetLastPInvokeError();
            return -1;
        }

        int filled = 0;
        fixed (byte* start = buffer)
        {
            while (filled < buffer.Length)
            {
                int read = (int)Libc.Read(fd, start + filled, (nuint)(buffer.Length - filled));
                if (read == 0) break;
                if (read > 0)
                {
                    filled += read;
                    continue;
                }

                error = Marshal.GetLastPInvokeError();
                if (error == Libc.Interrupted) continue;
                filled = -1;
                break;
            }
        }

        _ = Libc.Close(fd);
        return filled;
    }
}

