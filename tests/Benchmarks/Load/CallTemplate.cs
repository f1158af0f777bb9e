using System.Buffers.Binary;
using System.Text;

namespace Spiffe.Agent.Tests.Benchmarks.Load;

/// <summary>One gRPC request as bytes, HEADERS and DATA, encoded once: a call writes a stream's number into a copy of it and nothing else.</summary>
/// <remarks>RFC 9113 §4.1 (frame header), RFC 7541 §6.2.2 (literal fields without indexing: no state on either side).</remarks>
internal sealed class CallTemplate
{
    private const byte EndStream = 0x1;
    private const byte EndHeaders = 0x4;

    private readonly byte[] _frames;
    private readonly int _dataAt;

    /// <param name="path">The method's path.</param>
    /// <param name="message">The request, encoded.</param>
    public CallTemplate(string path, ReadOnlySpan<byte> message)
    {
        List<byte> fields = [0x83, 0x86]; // :method POST, :scheme http
        Literal(fields, nameIndex: 4, path);
        Literal(fields, nameIndex: 1, "localhost");
        Literal(fields, "content-type", "application/grpc");
        Literal(fields, "te", "trailers");
        Literal(fields, "workload.spiffe.io", "true");

        _dataAt = FrameHead.Length + fields.Count;
        _frames = new byte[_dataAt + FrameHead.Length + MessagePrefix + message.Length];
        FrameHead.Write(_frames, fields.Count, FrameType.Headers, EndHeaders, 0);
        fields.CopyTo(_frames, FrameHead.Length);
        FrameHead.Write(_frames.AsSpan(_dataAt), MessagePrefix + message.Length, FrameType.Data, EndStream, 0);
        Span<byte> body = _frames.AsSpan(_dataAt + FrameHead.Length);
        BinaryPrimitives.WriteInt32BigEndian(body[1..], message.Length);
        message.CopyTo(body[MessagePrefix..]);
    }

    /// <summary>Bytes of gRPC in front of each message.</summary>
    public const int MessagePrefix = 5;

    public int Length => _frames.Length;

    /// <summary>Where the message begins in what <see cref="CopyTo"/> wrote.</summary>
    public int MessageAt => _dataAt + FrameHead.Length + MessagePrefix;

    /// <summary>Writes the call for one stream.</summary>
    public void CopyTo(Span<byte> destination, int stream)
    {
        _frames.CopyTo(destination);
        FrameHead.SetStream(destination, stream);
        FrameHead.SetStream(destination[_dataAt..], stream);
    }

    private static void Literal(List<byte> fields, int nameIndex, string value)
    {
        fields.Add((byte)nameIndex);
        Text(fields, value);
    }

    private static void Literal(List<byte> fields, string name, string value)
    {
        fields.Add(0);
        Text(fields, name);
        Text(fields, value);
    }

    private static void Text(List<byte> fields, string text)
    {
        fields.Add(checked((byte)text.Length)); // No more than 126 characters: one byte of length, no Huffman code.
        fields.AddRange(Encoding.ASCII.GetBytes(text));
    }
}
