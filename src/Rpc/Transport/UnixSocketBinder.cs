using System.Text;
using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Rpc.Transport.Native;

namespace Spiffe.Agent.Rpc.Transport;

/// <summary>Makes listening sockets safely.</summary>
/// <remarks><para>No window: the socket is born with at most 0600 (fchmod before bind sets the mode that bind uses), gets its group, then its mode, and only then listens.
/// It binds to its own path, so that <c>ss -xl</c> shows it; until it listens, connecting is refused as if nothing ran.</para>
/// <para>Nothing is lost: bind never replaces anything. Only a socket that nobody listens on is removed first, under a lock on the directory, so that of two starters one
/// wins and the other is told. A link, a file or a live socket at the path is a fault and stays.</para></remarks>
public static class UnixSocketBinder
{
    private const uint OwnerOnly = 0x180; // 0600

    /// <summary>Makes the socket and listens.</summary>
    /// <exception cref="UnixBindException">It cannot be made; the message says why and what to do.</exception>
    public static BoundUnixSocket Bind(UnixSocketOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        string path = options.Path;
        if (SocketPath.Fault(path) is { } fault)
            throw new UnixBindException(SocketPath.IsTooLong(path) ? BindFault.PathTooLong : BindFault.PathInvalid, $"socket '{path}': {fault}");

        int slash = path.LastIndexOf('/');
        byte[] name = Encoding.UTF8.GetBytes(path[(slash + 1)..] + '\0');
        SafeFileHandle directory = SocketDirectory.Open(slash == 0 ? "/" : path[..slash], options.DirectoryMode);
        SafeFileHandle? socket = null;
        try
        {
            if (!DirectoryLock.TryTake(directory))
                throw new UnixBindException(BindFault.InUse, $"socket '{path}': another process holds a lock on its directory for more than {DirectoryLock.MaxWait / 1000} s");
            ClearTheWay(path, directory, name);
            socket = NewSocket(path);
            BindAndListen(socket, options, directory, name, out FileIdentity identity);
            _ = Libc.FileLock(directory, Constants.Unlock);
            return new BoundUnixSocket(socket, path, directory, name, identity);
        }
        catch
        {
            socket?.Dispose();
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Takes over a listening socket that was inherited (sd_listen_fds(3)). Its name is the service manager's and stays when the daemon stops.</summary>
    /// <remarks>Set <c>PassCredentials=yes</c> in the socket unit: bytes that a client sent before this call, on a socket without it, carry no stamp, and such a connection is ended.</remarks>
    /// <exception cref="UnixBindException">It is not a listening Unix stream socket with a path.</exception>
    public static unsafe BoundUnixSocket FromInherited(SafeFileHandle socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        int type = 0, listens = 0;
        uint size = sizeof(int);
        string? path = UnixAddress.PathOf(socket);
        bool usable = path is not null
            && Libc.GetOption(socket, Constants.SocketLevel, Constants.OptionType, &type, &size) == 0 && type == Constants.StreamSocket
            && Libc.GetOption(socket, Constants.SocketLevel, Constants.OptionAcceptsConnections, &listens, &size) == 0 && listens != 0;
        if (!usable) throw new UnixBindException(BindFault.InheritedUnusable, "the inherited descriptor is not a listening Unix stream socket with a path");

        int status = Libc.Control(socket, Constants.GetStatusFlags, 0);
        if (status < 0 || Libc.Control(socket, Constants.SetStatusFlags, status | Constants.SocketNonBlock) != 0
            || Libc.Control(socket, Constants.SetDescriptorFlags, Constants.CloseOnExecFlag) != 0)
            throw Failed(path!, "fcntl");
        StampEverySegment(socket, path!);
        return new BoundUnixSocket(socket, path!, null, [], default);
    }

    /// <summary>Removes a socket that nobody listens on; anything else at the name is a fault.</summary>
    private static unsafe void ClearTheWay(string path, SafeFileHandle directory, byte[] name)
    {
        if (FileIdentity.Of(directory, name) is not { } there) return;
        if (there.IsSymbolicLink) throw new UnixBindException(BindFault.SymbolicLink, $"socket '{path}': a symbolic link stands there; remove it or name its target");
        if (!there.IsSocket) throw new UnixBindException(BindFault.NotASocket, $"socket '{path}': something that is no socket stands there; it is left alone");

        using SafeFileHandle probe = NewSocket(path);
        int error = UnixAddress.Connect(probe, path);
        if (error != Errno.ConnectionRefused)
            throw new UnixBindException(BindFault.InUse, $"socket '{path}': another process serves it" + (error == 0 ? "" : $" or may ({Errno.Text(error)})"));
        fixed (byte* stale = name)
        {
            if (Libc.UnlinkAt(directory, stale, 0) != 0 && Errno.Last != Errno.NoEntry) throw Failed(path, "unlink of the stale socket");
        }
    }

    private static SafeFileHandle NewSocket(string path)
    {
        int fd = Libc.Socket(Constants.FamilyUnix, Constants.StreamSocket | Constants.SocketNonBlock | Constants.SocketCloseOnExec, 0);
        return fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw Failed(path, "socket");
    }

    private static unsafe void BindAndListen(SafeFileHandle socket, UnixSocketOptions options, SafeFileHandle directory, byte[] name, out FileIdentity identity)
    {
        uint mode = (uint)options.Mode;
        if (Libc.ChangeMode(socket, mode & OwnerOnly) != 0) throw Failed(options.Path, "fchmod");
        StampEverySegment(socket, options.Path);
        int error = UnixAddress.Bind(socket, options.Path);
        if (error != 0) throw Failed(options.Path, "bind", error);

        fixed (byte* text = name, empty = "\0"u8)
        {
            try
            {
                // By an O_PATH descriptor, so that owner and mode are set on what was bound even if somebody renames it meanwhile.
                int fd = Libc.OpenAt(directory, text, Constants.OpenPathOnly | Constants.OpenNoFollow | Constants.OpenCloseOnExec);
                if (fd < 0) throw Failed(options.Path, "open");
                using SafeFileHandle bound = new(fd, ownsHandle: true);
                if (FileIdentity.Of(bound) is not { IsSocket: true } found) throw Failed(options.Path, "stat");
                identity = found;
                if (options.GroupId is { } group && Libc.ChangeOwnerAt(bound, empty, uint.MaxValue, group, Constants.EmptyPath) != 0) throw Failed(options.Path, "chown");
                // fchmodat2 (kernel 6.6) takes the descriptor; before it only the name can be given.
                if (Libc.SystemCall(Constants.ChangeModeAt2, fd, (nint)empty, (nint)mode, Constants.EmptyPath) != 0
                    && Libc.ChangeModeAt(directory, text, mode, 0) != 0)
                    throw Failed(options.Path, "chmod");
                if (Libc.Listen(socket, options.Backlog) != 0) throw Failed(options.Path, "listen");
            }
            catch
            {
                _ = Libc.UnlinkAt(directory, text, 0);
                throw;
            }
        }
    }

    /// <summary>SO_PASSCRED on a listening socket is inherited by what it accepts, also for bytes sent before accept. SO_PASSRIGHTS=0 (kernel 6.16) makes sending descriptors
    /// fail at the sender; older kernels do not know it, and there the control buffer has no room for them.</summary>
    private static unsafe void StampEverySegment(SafeFileHandle socket, string path)
    {
        int on = 1, off = 0;
        if (Libc.SetOption(socket, Constants.SocketLevel, Constants.OptionPassCredentials, &on, sizeof(int)) != 0) throw Failed(path, "SO_PASSCRED");
        _ = Libc.SetOption(socket, Constants.SocketLevel, Constants.OptionPassRights, &off, sizeof(int));
    }

    private static UnixBindException Failed(string path, string call) => Failed(path, call, Errno.Last);

    private static UnixBindException Failed(string path, string call, int error) =>
        error == Errno.AddressInUse
            ? new(BindFault.InUse, $"socket '{path}': another process has just taken it")
            : new(BindFault.SystemError, $"socket '{path}': {call} failed: {Errno.Text(error)}");
}
