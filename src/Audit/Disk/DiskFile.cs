using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Spiffe.Agent.Audit.Disk;

/// <summary>A file of the kernel's, written without a buffer of ours.</summary>
internal sealed class DiskFile : ILogFile
{
    private readonly string _path;
    private readonly SafeFileHandle _descriptor;

    /// <param name="path">Whole path.</param>
    /// <param name="flags">As of open(2).</param>
    /// <param name="mode">Of a file that is made.</param>
    /// <exception cref="DiskException">It cannot be opened.</exception>
    public DiskFile(string path, int flags, uint mode)
    {
        _path = path;
        int descriptor = Libc.Open(path, flags | Libc.CloseOnExec, mode);
        if (descriptor < 0) throw Failed("open");
        _descriptor = new SafeFileHandle(descriptor, ownsHandle: true);
    }

    public SafeFileHandle Descriptor => _descriptor;

    public unsafe void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            nint written;
            fixed (byte* start = bytes) written = Libc.Write(_descriptor, start, (nuint)bytes.Length);
            if (written < 0 && Marshal.GetLastPInvokeError() == Libc.Interrupted) continue;
            if (written < 0) throw Failed("write");
            bytes = bytes[(int)written..];
        }
    }

    public void Sync()
    {
        if (Libc.SyncData(_descriptor) != 0) throw Failed("fdatasync");
    }

    /// <summary>As <see cref="Sync"/>; of a directory, the names in it.</summary>
    public void SyncAll()
    {
        if (Libc.Sync(_descriptor) != 0) throw Failed("fsync");
    }

    public void Truncate(long length)
    {
        if (Libc.Truncate(_descriptor, length) != 0) throw Failed("ftruncate");
    }

    public void Allocate(long length)
    {
        if (Libc.Allocate(_descriptor, 0, 0, length) != 0) throw Failed("fallocate");
    }

    public void Dispose() => _descriptor.Dispose();

    private DiskException Failed(string call) => new(call, _path, Marshal.GetLastPInvokeError());
}
