namespace Spiffe.Agent.Attestation.Attestors.Containerd;

/// <summary>Reads the fields of one Protocol Buffers message in the order they were written. https://protobuf.dev/programming-guides/encoding</summary>
/// <remarks>Total on any bytes: what is no message is an <see cref="InvalidDataException"/>. Nothing is copied; a nested message is another reader.</remarks>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private const int Varint = 0, Fixed64 = 1, Delimited = 2, Fixed32 = 5;

    private ReadOnlySpan<byte> _rest = message;
    private int _kind;

    /// <summary>Number of the field that <see cref="Next"/> stopped at.</summary>
    public int Field { get; private set; }

    /// <summary>What a string, a byte string or a nested message holds.</summary>
    /// <exception cref="InvalidDataException">The field is something else.</exception>
    public ReadOnlySpan<byte> Bytes { readonly get => _kind == Delimited ? field : throw Malformed("is a number"); private set; }

    /// <summary>What a whole number or an enumeration holds.</summary>
    /// <exception cref="InvalidDataException">The field is something else.</exception>
    public ulong Number { readonly get => _kind == Varint ? field : throw Malformed("is no varint"); private set; }

    /// <summary>Moves to the next field; false at the end.</summary>
    /// <exception cref="InvalidDataException">The bytes are no message.</exception>
    public bool Next()
    {
        if (_rest.IsEmpty) return false;
        ulong tag = TakeVarint();
        if (tag >> 3 is 0 or > (1 << 29) - 1) throw Malformed("has a number out of range");
        Field = (int)(tag >> 3);
        _kind = (int)(tag & 7);
        switch (_kind)
        {
            case Varint: Number = TakeVarint(); break;
            case Fixed64: Take(sizeof(ulong)); break;
            case Fixed32: Take(sizeof(uint)); break;
            case Delimited: Bytes = Take(TakeVarint()); break;
            default: throw Malformed("is a group or of no known kind");
        }

        return true;
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length) throw Malformed("is longer than its message");
        ReadOnlySpan<byte> taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }

    private ulong TakeVarint()
    {
        ulong value = 0;
        for (int index = 0; index < _rest.Length && index < 10; index++)
        {
            // The tenth byte holds one bit only.
            if (index == 9 && _rest[index] > 1) break;
            value |= (ulong)(_rest[index] & 0x7f) << (7 * index);
            if (_rest[index] >= 0x80) continue;
            _rest = _rest[(index + 1)..];
            return value;
        }

        throw Malformed("has a varint without an end");
    }

    private readonly InvalidDataException Malformed(string fault) => new($"containerd's answer is no message: field {Field} {fault}");
}
