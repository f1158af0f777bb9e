using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Attestation.Native;

namespace Spiffe.Agent.Attestation.Http;

/// <summary>Walks to a socket step by step and sees that nobody but root and its owner could have put it, or anything on the way, there.</summary>
/// <remarks>Every step belongs to root or to the owner, no directory can be written by others (unless sticky: then only who made an entry can move it), and links
/// lead on only if they are root's. From the first directory that is not root's on, everything is on one file system: a user may mount FUSE there and never answer.</remarks>
internal static class OwnedPath
{
    private const int MaxLinks = 8, MaxPath = 4096;
    private const int TypeMask = 0xf000, IsDirectory = 0x4000, IsLink = 0xa000, IsSocket = 0xc000, Sticky = 0x200, OthersWrite = 0x12;

    /// <summary>A descriptor that stands for the socket's inode (O_PATH).</summary>
    /// <exception cref="UnixHttpException">It is not there, or somebody else had a hand in it.</exception>
    internal static SafeFileHandle OpenSocket(UnixEndpoint endpoint)
    {
        Stack<string> names = new();
        Push(names, endpoint.Path);
        SafeFileHandle at = Step(endpoint, null, "/", out StatxBuffer stat);
        try
        {
            (uint Major, uint Minor)? usersDevice = null;
            for (int links = 0; names.TryPop(out string? name);)
            {
                SafeFileHandle next = Step(endpoint, at, name, out stat);
                if (usersDevice is { } device && device != (stat.DeviceMajor, stat.DeviceMinor)) throw Refuse(endpoint, next, name, "is another file system");
                if (stat.UserId != 0) usersDevice = (stat.DeviceMajor, stat.DeviceMinor);
                int type = stat.Mode & TypeMask;
                if (type == IsLink)
                {
                    if (stat.UserId != 0 || ++links > MaxLinks) throw Refuse(endpoint, next, name, "is a link");
                    string target = TargetOf(endpoint, next);
                    next.Dispose();
                    if (target.StartsWith('/')) next = Step(endpoint, null, "/", out _);
                    Push(names, target);
                    if (!target.StartsWith('/')) continue;
                }
                else if (names.Count == 0)
                {
                    if (type != IsSocket || stat.UserId != endpoint.Owner) throw Refuse(endpoint, next, name, type == IsSocket ? "belongs to another user" : "is no socket");
                    return next;
                }

                at.Dispose();
                at = next;
            }

            throw new UnixHttpException(EvidenceRefusal.ServiceNotTrusted, $"{endpoint.Path}: is no socket");
        }
        finally
        {
            at.Dispose();
        }
    }

    /// <summary>Opens one name; what it finds is root's or the owner's, and if it is a directory nobody else writes to it.</summary>
    private static unsafe SafeFileHandle Step(UnixEndpoint endpoint, SafeFileHandle? at, string name, out StatxBuffer stat)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(name + '\0');
        int flags = Libc.PathOnly | Libc.OpenNoFollow | Libc.CloseOnExec, fd;
        fixed (byte* text = bytes) fd = at is null ? Libc.Open(text, flags) : Libc.OpenAt(at, text, flags);
        int error = fd < 0 ? Marshal.GetLastPInvokeError() : 0;
        if (fd < 0) throw new UnixHttpException(EvidenceRefusal.AttestorFailed, string.Create(CultureInfo.InvariantCulture, $"{endpoint.Path}: {name}: errno {error}"));

        SafeFileHandle found = new(fd, ownsHandle: true);
        fixed (StatxBuffer* buffer = &stat)
        {
            byte empty = 0;
            if (Libc.Statx(fd, &empty, Libc.EmptyPath | Libc.NoAutomount | Libc.DoNotSync, StatxBuffer.BasicStats, buffer) != 0)
                throw Refuse(endpoint, found, name, "cannot be seen");
        }

        if (stat.UserId != 0 && stat.UserId != endpoint.Owner) throw Refuse(endpoint, found, name, "belongs to another user");
        if ((stat.Mode & TypeMask) == IsDirectory && (stat.Mode & OthersWrite) != 0 && (stat.Mode & Sticky) == 0)
            throw Refuse(endpoint, found, name, "can be written by others");
        return found;
    }

    private static unsafe string TargetOf(UnixEndpoint endpoint, SafeFileHandle link)
    {
        Span<byte> target = stackalloc byte[MaxPath];
        byte empty = 0;
        nint length;
        fixed (byte* start = target) length = Libc.ReadLinkAt(link, &empty, start, MaxPath);
        return length is > 0 and < MaxPath ? Encoding.UTF8.GetString(target[..(int)length]) : throw Refuse(endpoint, link, "", "a link that cannot be read");
    }

    private static void Push(Stack<string> names, string path)
    {
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (int i = parts.Length - 1; i >= 0; i--) names.Push(parts[i]);
    }

    private static UnixHttpException Refuse(UnixEndpoint endpoint, SafeFileHandle opened, string name, string fault)
    {
        opened.Dispose();
        return new UnixHttpException(EvidenceRefusal.ServiceNotTrusted, $"{endpoint.Path}: {name} {fault}");
    }
}
