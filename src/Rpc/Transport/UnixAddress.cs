using System.Text;
using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Rpc.Transport.Native;

namespace Spiffe.Agent.Rpc.Transport;

/// <summary><c>struct sockaddr_un</c>: a family of two bytes and a path of 108.</summary>
internal static unsafe class UnixAddress
{
    private const int Size = 110;
    private const int PathOffset = 2;

    /// <summary>Binds to a path; returns the errno or 0.</summary>
    internal static int Bind(SafeFileHandle socket, string path)
    {
        byte* address = stackalloc byte[Size];
        uint length = Fill(address, path);
        return Libc.Bind(socket, address, length) == 0 ? 0 : Errno.Last;
    }

    /// <summary>Connects to a path; returns the errno or 0.</summary>
    internal static int Connect(SafeFileHandle socket, string path)
    {
        byte* address = stackalloc byte[Size];
        uint length = Fill(address, path);
        return Libc.Connect(socket, address, length) == 0 ? 0 : Errno.Last;
    }

    /// <summary>The path that a socket is bound to; null for another family, no name or an abstract name.</summary>
    internal static string? PathOf(SafeFileHandle socket)
    {
        byte* address = stackalloc byte[Size];
        uint length = Size;
        if (Libc.SocketName(socket, address, &length) != 0 || length <= PathOffset || *(ushort*)address != Constants.FamilyUnix) return null;
        ReadOnlySpan<byte> path = new(address + PathOffset, (int)Math.Min(length, Size) - PathOffset);
        int end = path.IndexOf((byte)0);
        return end == 0 ? null : Encoding.UTF8.GetString(end < 0 ? path : path[..end]);
    }

    private static uint Fill(byte* address, string path)
    {
        new Span<byte>(address, Size).Clear();
        *(ushort*)address = Constants.FamilyUnix;
        int bytes = Encoding.UTF8.GetBytes(path, new Span<byte>(address + PathOffset, UnixSocketOptions.MaxPathLength));
        return (uint)(PathOffset + bytes + 1);
    }
}
