using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Rpc.Transport.Native;

namespace Spiffe.Agent.Rpc.Transport;

/// <summary>A listening Unix socket. Connecting works from the moment it exists; the transport accepts once it is bound to it.</summary>
/// <remarks>Disposing stops listening, and removes the name if it still leads to this socket and if this process made it.</remarks>
public sealed class BoundUnixSocket : IDisposable
{
    private readonly SafeFileHandle? _directory;
    private readonly byte[] _name;
    private readonly FileIdentity _identity;
    private int _disposed;

    /// <param name="handle">The listening socket.</param>
    /// <param name="path">Where clients find it.</param>
    /// <param name="directory">The directory that holds the name; null when the name belongs to someone else.</param>
    /// <param name="name">The last component, with a closing zero.</param>
    /// <param name="identity">The inode that the name led to when it was made.</param>
    internal BoundUnixSocket(SafeFileHandle handle, string path, SafeFileHandle? directory, byte[] name, FileIdentity identity)
    {
        Handle = handle;
        Path = path;
        _directory = directory;
        _name = name;
        _identity = identity;
    }

    /// <summary>Absolute path that clients connect to.</summary>
    public string Path { get; }

    /// <summary>The listening socket.</summary>
    internal SafeFileHandle Handle { get; }

    public unsafe void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        if (_directory is not null)
        {
            // Under the lock that starters take: a successor cannot put its socket there between the look and the removal.
            DirectoryLock.TryTake(_directory);
            fixed (byte* name = _name)
            {
                if (FileIdentity.Of(_directory, _name) is { } there && there == _identity) _ = Libc.UnlinkAt(_directory, name, 0);
            }
        }

        Handle.Dispose();
        _directory?.Dispose(); // releases the lock
    }
}
