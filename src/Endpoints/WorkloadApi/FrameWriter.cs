using System.Text;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Endpoints.WorkloadApi;

/// <summary>Writes protobuf fields that may hold secrets straight into their final place.</summary>
/// <remarks>
/// Generated messages would keep private keys in strings and byte strings that nothing can zero. Protocol Buffers encoding: a field is a tag
/// (number &lt;&lt; 3 | wire type 2), a length as a varint, and the bytes. Fields that are empty are left out, as proto3 does.
/// </remarks>
internal ref struct FrameWriter(Span<byte> destination)
{
    private const int LengthDelimited = 2;

    private readonly Span<byte> _destination = destination;
    private int _written;

    public readonly int Written => _written;

    public static int SizeOf(int field, int length) => VarintSize(((uint)field << 3) | LengthDelimited) + VarintSize((uint)length) + length;

    public static int SizeOfOptional(int field, int length) => length == 0 ? 0 : SizeOf(field, length);

    public static int SizeOfText(int field, string text) => SizeOfOptional(field, Encoding.UTF8.GetByteCount(text));

    /// <summary>The head of a field whose bytes are written next.</summary>
    public void Begin(int field, int length)
    {
        WriteVarint(((uint)field << 3) | LengthDelimited);
        WriteVarint((uint)length);
    }

    public void Write(int field, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        Begin(field, bytes.Length);
        bytes.CopyTo(_destination[_written..]);
        _written += bytes.Length;
    }

    public void Write(int field, SecretBytes secret)
    {
        Begin(field, secret.Length);
        secret.CopyTo(_destination[_written..]);
        _written += secret.Length;
    }

    public void Write(int field, string text)
    {
        if (text.Length == 0) return;
        Begin(field, Encoding.UTF8.GetByteCount(text));
        _written += Encoding.UTF8.GetBytes(text, _destination[_written..]);
    }

    private void WriteVarint(uint value)
    {
        while (value >= 0x80)
        {
            _destination[_written++] = (byte)(value & 0x7F | 0x80);
            value >>= 7;
        }

        _destination[_written++] = (byte)value;
    }

    private static int VarintSize(uint value)
    {
        int size = 1;
        while ((value >>= 7) != 0) size++;
        return size;
    }
}
