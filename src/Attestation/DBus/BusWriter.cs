using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Spiffe.Agent.Attestation.DBus;

/// <summary>Writes whole messages to a socket, with at most one descriptor beside each: what .NET's sockets cannot. unix(7), SCM_RIGHTS.</summary>
/// <remarks>It never waits. The few calls of some 300 bytes that are in flight at one time are far below any socket's buffer, so a bus that takes no more has hung.</remarks>
internal static unsafe partial class BusWriter
{
    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;
    private const int SocketLevel = 1;
    private const int Rights = 1;
    private const int Interrupted = 4;

    /// <summary>Hands the whole message to the kernel.</summary>
    /// <exception cref="DBusException"><see cref="DBusFault.Lost"/>: it took less, or nothing.</exception>
    internal static void Write(Socket socket, ReadOnlySpan<byte> message, int? descriptor)
    {
        Control control = new() { Length = 20, Level = SocketLevel, Kind = Rights, Descriptor = descriptor ?? 0 };
        fixed (byte* bytes = message)
        {
            Vector vector = new() { Base = bytes, Length = (nuint)message.Length };
            Header header = new() { Vectors = &vector, VectorCount = 1 };
            if (descriptor is not null)
            {
                header.Control = &control;
                header.ControlLength = (nuint)sizeof(Control);
            }

            nint sent;
            do sent = SendMessage(socket.SafeHandle, &header, DontWait | NoSignal);
            while (sent < 0 && Marshal.GetLastPInvokeError() == Interrupted);
            if (sent != message.Length) throw new DBusException(DBusFault.Lost, $"the bus takes no message: errno {(sent < 0 ? Marshal.GetLastPInvokeError() : 0)}");
        }
    }

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    private static partial nint SendMessage(SafeHandle socket, Header* message, int flags);

    /// <summary><c>struct msghdr</c> on 64-bit Linux.</summary>
    private struct Header
    {
        internal void* Name;
        internal uint NameLength;
        internal Vector* Vectors;
        internal nuint VectorCount;
        internal Control* Control;
        internal nuint ControlLength;
        internal int Flags;
    }

    /// <summary><c>struct iovec</c>.</summary>
    private struct Vector
    {
        internal byte* Base;
        internal nuint Length;
    }

    /// <summary><c>struct cmsghdr</c> with one descriptor in it: CMSG_LEN 20, CMSG_SPACE 24.</summary>
    private struct Control
    {
        internal nuint Length;
        internal int Level;
        internal int Kind;
        internal int Descriptor;
    }
}
