using System.Text;
using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Rpc.Transport.Native;

namespace Spiffe.Agent.Rpc.Transport;

/// <summary>The directory that holds a socket.</summary>
internal static unsafe class SocketDirectory
{
    /// <summary>Opens it, making it and its missing parents first. What exists keeps its mode.</summary>
    /// <exception cref="UnixBindException">It cannot be made or opened.</exception>
    internal static SafeFileHandle Open(string path, UnixFileMode mode)
    {
        for (int slash = path.IndexOf('/', 1); slash > 0; slash = path.IndexOf('/', slash + 1)) Make(path[..slash], mode);
        if (path.Length > 1) Make(path, mode);
        return OpenExisting(path) ?? throw Failed(path, "open");
    }

    /// <summary>mkdir takes the umask off the mode, so what is new is never wider than asked, and then set to what was asked.</summary>
    private static void Make(string path, UnixFileMode mode)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(path + '\0'))
        {
            if (Libc.MakeDirectory(text, (uint)mode) == 0)
            {
                using SafeFileHandle made = OpenExisting(path) ?? throw Failed(path, "open");
                if (Libc.ChangeMode(made, (uint)mode) != 0) throw Failed(path, "chmod");
            }
            else if (Errno.Last is var error && error != Errno.Exists && !Directory.Exists(path))
            {
                // A read-only or guarded parent answers EROFS or EACCES for what exists, too.
                throw new UnixBindException(BindFault.DirectoryUnavailable, $"directory '{path}': mkdir failed: {Errno.Text(error)}");
            }
        }
    }

    private static SafeFileHandle? OpenExisting(string path)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(path + '\0'))
        {
            int fd = Libc.Open(text, Constants.OpenDirectory | Constants.OpenCloseOnExec);
            return fd < 0 ? null : new SafeFileHandle(fd, ownsHandle: true);
        }
    }

    private static UnixBindException Failed(string path, string call) =>
        new(BindFault.DirectoryUnavailable, $"directory '{path}': {call} failed: {Errno.Text(Errno.Last)}");
}
