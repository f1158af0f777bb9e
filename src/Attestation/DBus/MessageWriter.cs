using System.Buffers.Binary;
using System.Text;

namespace Spiffe.Agent.Attestation.DBus;

/// <summary>Writes values as D-Bus marshals them, little-endian: each at a multiple of its own alignment, with zeros between. D-Bus Specification, Marshaling.</summary>
internal sealed class MessageWriter
{
    private byte[] _bytes = new byte[256];
    private int _length;

    internal int Length => _length;

    internal ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    internal MessageWriter Align(int boundary)
    {
        _ = Take((boundary - (_length % boundary)) % boundary);
        return this;
    }

    internal MessageWriter Byte(byte value)
    {
        Take(1)[0] = value;
        return this;
    }

    internal MessageWriter UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Align(4).Take(4), value);
        return this;
    }

    /// <summary>A string or an object path.</summary>
    internal MessageWriter String(string value)
    {
        int length = Encoding.UTF8.GetByteCount(value);
        UInt32((uint)length);
        Encoding.UTF8.GetBytes(value, Take(length + 1));
        return this;
    }

    /// <summary>A signature: at most 255 bytes.</summary>
    internal MessageWriter Signature(string value)
    {
        Byte(checked((byte)value.Length));
        Encoding.ASCII.GetBytes(value, Take(value.Length + 1));
        return this;
    }

    internal MessageWriter Bytes(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Take(value.Length));
        return this;
    }

    /// <summary>Puts a length where room was left for it.</summary>
    internal void Overwrite(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(at, 4), value);

    /// <summary>Room for so many bytes, all zero.</summary>
    private Span<byte> Take(int count)
    {
        if (_length + count > _bytes.Length) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + count));
        Span<byte> room = _bytes.AsSpan(_length, count);
        _length += count;
        return room;
    }
}
