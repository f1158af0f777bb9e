using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Spiffe.Agent.Attestation.Native;

namespace Spiffe.Agent.Attestation.DBus;

/// <summary>Connects to a bus that only root can have put where it is.</summary>
/// <remarks><para>Two proofs. The path: every directory and the socket belong to root, none is a link, and no directory may be written by others, so nobody else can
/// put another socket there; a sticky one such as /tmp may, since nobody else can take root's entry out of it. And the kernel: SO_PEERCRED names who called
/// listen(2), which is pid 1 for a socket that systemd made, and dbus-daemon while it was still root for one that it made itself (it becomes messagebus
/// afterwards). So the rule is uid 0 for both.</para>
/// <para>The environment is not asked: <c>DBUS_SYSTEM_BUS_ADDRESS</c> names whatever bus the one who starts a program likes.</para></remarks>
internal static class BusSocket
{
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;
    private const int NoFollow = 0x100;
    private const int KindMask = 0xf000;
    private const int DirectoryKind = 0x4000;
    private const int SocketKind = 0xc000;
    private const int Sticky = 0x200;
    private const int WritableByOthers = 0x12;

    /// <summary>Connects, or throws: <see cref="DBusFault.NotTrusted"/>, or <see cref="DBusFault.Lost"/> when nobody listens.</summary>
    internal static async Task<Socket> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        RequireRoots(path);
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            RequireRootListens(socket, path);
            return socket;
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw new DBusException(DBusFault.Lost, $"{path}: {failure.SocketErrorCode}");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void RequireRoots(string path)
    {
        if (!path.StartsWith('/')) throw NotTrusted(path, "is not an absolute path");
        for (int end = path.IndexOf('/', 1); end > 0; end = path.IndexOf('/', end + 1)) RequireRoots(path[..end], DirectoryKind);
        RequireRoots("/", DirectoryKind);
        RequireRoots(path, SocketKind);
    }

    private static unsafe void RequireRoots(string path, int kind)
    {
        StatxBuffer stat;
        int result;
        fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0')) result = Libc.Statx(Libc.AtFdCwd, name, NoFollow, StatxBuffer.BasicStats, &stat);
        if (result != 0) throw new DBusException(DBusFault.Lost, $"{path}: errno {Marshal.GetLastPInvokeError()}");
        if ((stat.Mode & KindMask) != kind) throw NotTrusted(path, kind == DirectoryKind ? "is no directory" : "is no socket");
        if (stat.UserId != 0) throw NotTrusted(path, "does not belong to root");
        if (kind == DirectoryKind && (stat.Mode & WritableByOthers) != 0 && (stat.Mode & Sticky) == 0) throw NotTrusted(path, "can be written by others than root");
    }

    private static void RequireRootListens(Socket socket, string path)
    {
        Span<byte> credentials = stackalloc byte[12]; // struct ucred: pid, uid, gid
        if (socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials) != 12 || MemoryMarshal.Read<uint>(credentials[4..]) != 0)
            throw NotTrusted(path, "is listened on by another user than root");
    }

    private static DBusException NotTrusted(string path, string why) => new(DBusFault.NotTrusted, $"{path} {why}");
}
