using System.Buffers.Binary;

namespace Spiffe.Agent.Attestation.DBus;

/// <summary>The first 16 bytes of a message: enough to know its type and where it ends.</summary>
/// <param name="BigEndian">Byte order of this message.</param>
/// <param name="Type">What it is; may be a type of a later version.</param>
/// <param name="BodyLength">Bytes of the body.</param>
/// <param name="FieldsLength">Bytes of the header fields, without the padding behind them.</param>
internal readonly record struct MessagePrefix(bool BigEndian, MessageType Type, int BodyLength, int FieldsLength)
{
    internal const int Size = 16;

    /// <summary>Longest message there may be. D-Bus Specification: 128 MiB.</summary>
    private const uint LongestMessage = 128 << 20;

    /// <summary>Longest array, such as the header fields. D-Bus Specification: 64 MiB.</summary>
    private const uint LongestArray = 64 << 20;

    /// <summary>Where the body starts.</summary>
    internal int BodyStart => (Size + FieldsLength + 7) & ~7;

    internal int TotalLength => BodyStart + BodyLength;

    /// <summary>Reads the prefix; false when no message starts like this.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> bytes, out MessagePrefix prefix)
    {
        prefix = default;
        if (bytes.Length < Size || bytes[0] is not ((byte)'l' or (byte)'B') || bytes[1] == 0 || bytes[3] != 1) return false;
        bool bigEndian = bytes[0] == (byte)'B';
        uint body = Number(bytes[4..]), serial = Number(bytes[8..]), fields = Number(bytes[12..]);
        if (serial == 0 || fields > LongestArray || body > LongestMessage - Size - 7 - fields) return false;
        prefix = new MessagePrefix(bigEndian, (MessageType)bytes[1], (int)body, (int)fields);
        return true;

        uint Number(ReadOnlySpan<byte> at) => bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(at) : BinaryPrimitives.ReadUInt32LittleEndian(at);
    }
}
