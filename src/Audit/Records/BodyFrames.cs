using System.Buffers;
using System.Buffers.Binary;

namespace Spiffe.Agent.Audit.Records;

/// <summary>How bodies lie one behind the other in the file of a bundle: index of the entry (64 bits), length (32 bits), both big endian, then salt and text.</summary>
internal static class BodyFrames
{
    /// <summary>Longest body, in bytes.</summary>
    public const int MaxBodyLength = Commitment.SaltLength + Commitment.MaxTextLength;

    private const int HeadLength = sizeof(long) + sizeof(int);

    public static void Append(IBufferWriter<byte> file, long seq, ReadOnlySpan<byte> body)
    {
        Span<byte> head = file.GetSpan(HeadLength);
        BinaryPrimitives.WriteInt64BigEndian(head, seq);
        BinaryPrimitives.WriteInt32BigEndian(head[sizeof(long)..], body.Length);
        file.Advance(HeadLength);
        file.Write(body);
    }

    /// <summary>Takes the first body off a file.</summary>
    /// <returns>False at the end, and where what follows is not one: then <paramref name="rest"/> is not empty.</returns>
    public static bool TryTake(ref ReadOnlyMemory<byte> rest, out long seq, out ReadOnlyMemory<byte> body)
    {
        (seq, body) = (0, default);
        if (rest.Length < HeadLength) return false;
        int length = BinaryPrimitives.ReadInt32BigEndian(rest.Span[sizeof(long)..]);
        if (length is < Commitment.SaltLength or > MaxBodyLength || rest.Length - HeadLength < length) return false;
        seq = BinaryPrimitives.ReadInt64BigEndian(rest.Span);
        body = rest.Slice(HeadLength, length);
        rest = rest[(HeadLength + length)..];
        return true;
    }
}
