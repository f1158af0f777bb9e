using System.Buffers;
using System.Buffers.Binary;

namespace Spiffe.Agent.Rpc.Wire;

/// <summary>Takes length-prefixed messages off a buffer: <c>Compressed-Flag (1 byte) Message-Length (4 bytes, big-endian) Message</c>. Pure; never throws.</summary>
internal static class FrameReader
{
    /// <summary>Takes the next message, if it is there whole.</summary>
    /// <param name="buffer">What has arrived; begins behind the message afterwards when the answer is true.</param>
    /// <param name="maxLength">Longest message to accept, in bytes.</param>
    /// <param name="message">The message without its prefix, a view of the buffer.</param>
    /// <param name="compressed">Whether its flag says that it is compressed.</param>
    /// <param name="needed">When the answer is false and nothing is wrong: how long the whole message is, prefix included, or 0 while the prefix is not whole.</param>
    /// <param name="fault">What makes the rest of the stream unreadable. The length is judged before the message arrives.</param>
    public static bool TryRead(ref ReadOnlySequence<byte> buffer, int maxLength, out ReadOnlySequence<byte> message, out bool compressed, out long needed, out FrameFault fault)
    {
        message = default;
        compressed = false;
        needed = 0;
        fault = FrameFault.None;
        if (buffer.Length < EncodedMessage.PrefixLength) return false;

        ReadOnlySpan<byte> prefix = buffer.FirstSpan;
        if (prefix.Length < EncodedMessage.PrefixLength)
        {
            Span<byte> gathered = stackalloc byte[EncodedMessage.PrefixLength];
            buffer.Slice(0, EncodedMessage.PrefixLength).CopyTo(gathered);
            return TryRead(gathered, ref buffer, maxLength, out message, out compressed, out needed, out fault);
        }

        return TryRead(prefix, ref buffer, maxLength, out message, out compressed, out needed, out fault);
    }

    private static bool TryRead(
        ReadOnlySpan<byte> prefix, ref ReadOnlySequence<byte> buffer, int maxLength, out ReadOnlySequence<byte> message, out bool compressed, out long needed, out FrameFault fault)
    {
        message = default;
        needed = 0;
        compressed = prefix[0] == 1;
        uint length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        fault = prefix[0] > 1 ? FrameFault.UnknownFlag : length > maxLength ? FrameFault.TooLong : FrameFault.None;
        if (fault != FrameFault.None) return false;

        long whole = EncodedMessage.PrefixLength + (long)length;
        if (buffer.Length < whole)
        {
            needed = whole;
            return false;
        }

        message = buffer.Slice(EncodedMessage.PrefixLength, length);
        buffer = buffer.Slice(whole);
        return true;
    }
}
