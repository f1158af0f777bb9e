using System.Buffers.Binary;
using System.IO.Pipelines;
using Google.Protobuf;

namespace Spiffe.Agent.Rpc.Server;

/// <summary>Serializes a protobuf message into the pipe's own memory.</summary>
internal sealed class ProtobufEncoder<T> : MessageEncoder<T>
    where T : class, IMessage<T>
{
    public static readonly ProtobufEncoder<T> Instance = new();

    // One block of Kestrel's memory pool. A message that fits is written to it in one go, a longer one block by block.
    private const int Block = 4096;

    public override void Write(PipeWriter pipe, T message)
    {
        int length = message.CalculateSize();
        int whole = EncodedMessage.PrefixLength + length;
        Span<byte> room = pipe.GetSpan(whole <= Block ? whole : EncodedMessage.PrefixLength);
        room[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(room[1..], (uint)length);
        if (whole <= Block)
        {
            message.WriteTo(room[EncodedMessage.PrefixLength..whole]);
            pipe.Advance(whole);
            return;
        }

        pipe.Advance(EncodedMessage.PrefixLength);
        message.WriteTo(pipe);
    }
}
