using System.Buffers.Binary;
using Google.Protobuf;

namespace Spiffe.Agent.Rpc;

/// <summary>A message as it lies on the wire: gRPC's five-byte prefix and the protobuf bytes. Encoded once, sent on any number of streams.</summary>
/// <remarks>Safe to share between threads as long as nobody changes the bytes.</remarks>
public sealed class EncodedMessage
{
    /// <summary>Bytes in front of the message: one flag and a big-endian length (Length-Prefixed-Message).</summary>
    public const int PrefixLength = 5;

    private EncodedMessage(ReadOnlyMemory<byte> frame) => Frame = frame;

    /// <summary>Prefix and message.</summary>
    public ReadOnlyMemory<byte> Frame { get; }

    /// <summary>Length of the message without its prefix, in bytes.</summary>
    public int Length => Frame.Length - PrefixLength;

    /// <summary>Encodes into memory of its own.</summary>
    public static EncodedMessage From(IMessage message)
    {
        byte[] frame = new byte[PrefixLength + message.CalculateSize()];
        message.WriteTo(frame.AsSpan(PrefixLength));
        return FromBlock(frame);
    }

    /// <summary>Takes a block that the caller owns, copies nothing and writes the prefix into its first <see cref="PrefixLength"/> bytes.</summary>
    /// <param name="block">Room for the prefix, then the encoded message. It must stay as it is until the last write of it has completed; then it may be zeroed.</param>
    /// <exception cref="ArgumentException">The block has no room for the prefix.</exception>
    public static EncodedMessage FromBlock(Memory<byte> block)
    {
        if (block.Length < PrefixLength) throw new ArgumentException($"a block begins with {PrefixLength} bytes of room for the prefix", nameof(block));
        block.Span[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(block.Span[1..], (uint)(block.Length - PrefixLength));
        return new EncodedMessage(block);
    }
}
