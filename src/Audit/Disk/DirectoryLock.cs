using System.Runtime.InteropServices;

namespace Spiffe.Agent.Audit.Disk;

/// <summary>Holds a directory against others who want to change it, across processes, until this is disposed or the process is gone. flock(2).</summary>
internal sealed class DirectoryLock : IDisposable
{
    private readonly DiskFile _directory;

    /// <summary>Waits for its turn.</summary>
    /// <param name="path">Whole path of the directory, which only the owner may open: whoever can open it can hold it.</param>
    /// <exception cref="DiskException">The directory cannot be opened, or its file system has no locks.</exception>
    public DirectoryLock(string path)
    {
        _directory = new DiskFile(path, Libc.DirectoryOnly, 0);
        while (Libc.Lock(_directory.Descriptor, Libc.LockExclusive) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error == Libc.Interrupted) continue;
            _directory.Dispose();
            throw new DiskException("flock", path, error);
        }
    }

    public void Dispose()
    {
        // Not by closing alone: a child that was forked just now has the same file open until its exec, and would hold the lock that long.
        _ = Libc.Lock(_directory.Descriptor, Libc.Unlock);
        _directory.Dispose();
    }
}
