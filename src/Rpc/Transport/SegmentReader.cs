using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Rpc.Transport.Native;

namespace Spiffe.Agent.Rpc.Transport;

/// <summary>Reads bytes together with the stamp of the process that wrote them.</summary>
/// <remarks><para>With SO_PASSCRED the kernel never joins bytes of two writers in one read, so one stamp speaks for all bytes it came with.</para>
/// <para>The control buffer holds one stamp and nothing more. The kernel writes the stamp first, and installs descriptors (SCM_RIGHTS) only as far as there is room behind it:
/// none ever is. That some were cut off shows in MSG_CTRUNC.</para></remarks>
internal static unsafe class SegmentReader
{
    /// <summary>CMSG_SPACE(sizeof(struct ucred)) on 64-bit Linux: a header of 16 bytes, 12 of credentials, 4 of padding.</summary>
    internal const int ControlSize = 32;

    private const int HeaderSize = 16;
    private const int CredentialsSize = 12;

    /// <summary>Reads once.</summary>
    /// <param name="socket">A non-blocking socket.</param>
    /// <param name="buffer">Where the bytes go. They must not be used unless the writer is the peer.</param>
    /// <param name="writer">Pid on the stamp; 0 when there was none or its process is not visible from here.</param>
    /// <param name="descriptorsPassed">Whether descriptors came along and were dropped.</param>
    /// <returns>Bytes read; 0 at the end; the negated errno.</returns>
    internal static int Read(SafeFileHandle socket, Span<byte> buffer, out int writer, out bool descriptorsPassed)
    {
        byte* control = stackalloc byte[ControlSize];
        fixed (byte* start = buffer)
        {
            IoVector vector = new() { Start = start, Length = (nuint)buffer.Length };
            MessageHeader message = new() { Vectors = &vector, VectorCount = 1, Control = control, ControlLength = ControlSize };
            nint read;
            do read = Libc.Receive(socket, &message, Constants.MessageDontWait | Constants.MessageCloseOnExec);
            while (read < 0 && Errno.Last == Errno.Interrupted);

            descriptorsPassed = (message.Flags & Constants.MessageControlTruncated) != 0;
            writer = read > 0 ? WriterOf(new ReadOnlySpan<byte>(control, (int)message.ControlLength)) : 0;
            return read < 0 ? -Errno.Last : (int)read;
        }
    }

    /// <summary>The pid in a control buffer that holds exactly one SCM_CREDENTIALS; 0 for anything else.</summary>
    internal static int WriterOf(ReadOnlySpan<byte> control)
    {
        if (control.Length < HeaderSize + CredentialsSize) return 0;
        bool isStamp = BinaryPrimitives.ReadUInt64LittleEndian(control) == HeaderSize + CredentialsSize
            && BinaryPrimitives.ReadInt32LittleEndian(control[8..]) == Constants.SocketLevel
            && BinaryPrimitives.ReadInt32LittleEndian(control[12..]) == Constants.ControlCredentials;
        int pid = isStamp ? BinaryPrimitives.ReadInt32LittleEndian(control[HeaderSize..]) : 0;
        return pid > 0 ? pid : 0;
    }
}
