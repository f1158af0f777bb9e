using System.Buffers.Binary;

namespace Spiffe.Agent.Tests.Benchmarks.Load;

/// <summary>The nine bytes in front of each HTTP/2 frame. RFC 9113 §4.1.</summary>
internal readonly record struct FrameHead(int PayloadLength, FrameType Type, byte Flags, int Stream)
{
    public const int Length = 9;

    public static FrameHead Read(ReadOnlySpan<byte> bytes) => new(
        bytes[0] << 16 | bytes[1] << 8 | bytes[2], (FrameType)bytes[3], bytes[4], BinaryPrimitives.ReadInt32BigEndian(bytes[5..]) & int.MaxValue);

    public static void Write(Span<byte> destination, int payloadLength, FrameType type, byte flags, int stream)
    {
        BinaryPrimitives.WriteInt32BigEndian(destination, payloadLength << 8 | (byte)type);
        destination[4] = flags;
        SetStream(destination, stream);
    }

    public static void SetStream(Span<byte> frame, int stream) => BinaryPrimitives.WriteInt32BigEndian(frame[5..], stream);
}
