using System.Buffers;
using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;
using Spiffe.Agent.Rpc.Transport.Native;

namespace Spiffe.Agent.Rpc.Transport;

/// <summary>Writes a sequence of buffers with one call.</summary>
internal static unsafe class SegmentWriter
{
    /// <summary>Buffers per call: with blocks of 4 KiB this is what a connection may hold back by default. Ours.</summary>
    private const int MaxVectors = 16;

    /// <summary>Writes as much as the kernel takes now. Returns the bytes written, or the negated errno.</summary>
    internal static int Write(SafeFileHandle socket, in ReadOnlySequence<byte> buffer)
    {
        IoVector* vectors = stackalloc IoVector[MaxVectors];
        int count = 0;
        PinnedVectors held = default;
        try
        {
            foreach (ReadOnlyMemory<byte> part in buffer)
            {
                if (part.IsEmpty) continue;
                held[count] = part.Pin();
                vectors[count] = new IoVector { Start = (byte*)held[count].Pointer, Length = (nuint)part.Length };
                if (++count == MaxVectors) break;
            }

            MessageHeader message = new() { Vectors = vectors, VectorCount = (nuint)count };
            nint written;
            do written = Libc.Send(socket, &message, Constants.MessageDontWait | Constants.MessageNoSignal);
            while (written < 0 && Errno.Last == Errno.Interrupted);
            return written < 0 ? -Errno.Last : (int)written;
        }
        finally
        {
            for (int i = 0; i < count; i++) held[i].Dispose();
        }
    }

    [InlineArray(MaxVectors)]
    private struct PinnedVectors
    {
        private MemoryHandle _first;
    }
}
