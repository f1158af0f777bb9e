using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Spiffe.Agent.Attestation.DBus;

/// <summary>Reads marshalled values, strictly: padding is zero, strings are UTF-8 that ends where it says, paths and signatures are well-formed. It never throws and
/// never allocates more than a string that lies within the bytes; a false leaves it where nothing more should be read.</summary>
/// <param name="bytes">A whole message or a whole body: alignment counts from its start.</param>
/// <param name="bigEndian">Byte order of the message.</param>
internal ref struct MessageReader(ReadOnlySpan<byte> bytes, bool bigEndian)
{
    private static readonly SearchValues<byte> ElementCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"u8);

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    internal int At { get; private set; }

    internal readonly bool IsAtEnd => At == _bytes.Length;

    private readonly int Left => _bytes.Length - At;

    internal bool TryAlign(int boundary)
    {
        int padding = (boundary - (At % boundary)) % boundary;
        if (padding > Left || _bytes.Slice(At, padding).ContainsAnyExcept((byte)0)) return false;
        At += padding;
        return true;
    }

    internal bool TryByte(out byte value)
    {
        bool read = TryTake(1, out ReadOnlySpan<byte> taken);
        value = read ? taken[0] : (byte)0;
        return read;
    }

    internal bool TryUInt32(out uint value)
    {
        value = 0;
        if (!TryAlign(4) || !TryTake(4, out ReadOnlySpan<byte> taken)) return false;
        value = bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(taken) : BinaryPrimitives.ReadUInt32LittleEndian(taken);
        return true;
    }

    internal bool TryString(out string value)
    {
        bool read = TryText(out ReadOnlySpan<byte> text);
        value = read ? Encoding.UTF8.GetString(text) : "";
        return read;
    }

    internal bool TryObjectPath(out string value)
    {
        bool read = TryText(out ReadOnlySpan<byte> text) && IsObjectPath(text);
        value = read ? Encoding.UTF8.GetString(text) : "";
        return read;
    }

    /// <summary>A signature: complete types only.</summary>
    internal bool TrySignature(out ReadOnlySpan<byte> value)
    {
        value = default;
        return TryByte(out byte length) && TryTake(length, out value) && TryByte(out byte end) && end == 0 && TypeSignature.IsValid(value);
    }

    /// <summary>An array of bytes.</summary>
    internal bool TryBytes(out ReadOnlySpan<byte> value)
    {
        value = default;
        return TryUInt32(out uint length) && length <= (uint)Left && TryTake((int)length, out value);
    }

    /// <summary>Passes over one value of <paramref name="type"/>, a complete type, and checks it on the way.</summary>
    internal bool TrySkip(scoped ReadOnlySpan<byte> type, int depth = TypeSignature.MaxDepth)
    {
        if (type.IsEmpty || depth == 0) return false;
        switch ((char)type[0])
        {
            case 'y': return TryTake(1, out _);
            case 'b': return TryUInt32(out uint flag) && flag <= 1;
            case 'n' or 'q': return TryAlign(2) && TryTake(2, out _);
            case 'i' or 'u' or 'h': return TryUInt32(out _);
            case 'x' or 't' or 'd': return TryAlign(8) && TryTake(8, out _);
            case 's': return TryText(out _);
            case 'o': return TryObjectPath(out _);
            case 'g': return TrySignature(out _);
            case 'v': return TrySignature(out ReadOnlySpan<byte> inner) && TypeSignature.TryTakeOne(ref inner, out ReadOnlySpan<byte> one, depth) && inner.IsEmpty && TrySkip(one, depth - 1);
            case 'a': return TrySkipArray(type[1..], depth - 1);
            case '(' or '{': return TrySkipMembers(type[1..^1], depth - 1);
            default: return false;
        }
    }

    private bool TrySkipArray(scoped ReadOnlySpan<byte> element, int depth)
    {
        if (!TryUInt32(out uint length) || !TryAlign(TypeSignature.AlignmentOf(element[0])) || length > (uint)Left) return false;
        int end = At + (int)length;
        while (At < end)
        {
            if (!TrySkip(element, depth)) return false;
        }

        return At == end;
    }

    private bool TrySkipMembers(scoped ReadOnlySpan<byte> types, int depth)
    {
        if (!TryAlign(8)) return false;
        while (!types.IsEmpty)
        {
            if (!TypeSignature.TryTakeOne(ref types, out ReadOnlySpan<byte> type, TypeSignature.MaxDepth) || !TrySkip(type, depth)) return false;
        }

        return true;
    }

    private bool TryText(out ReadOnlySpan<byte> text)
    {
        text = default;
        return TryUInt32(out uint length) && length < (uint)Left && TryTake((int)length, out text) && TryByte(out byte end) && end == 0
            && !text.Contains((byte)0) && Utf8.IsValid(text);
    }

    private bool TryTake(int count, out ReadOnlySpan<byte> taken)
    {
        bool enough = count <= Left;
        taken = enough ? _bytes.Slice(At, count) : default;
        At += taken.Length;
        return enough;
    }

    /// <summary>D-Bus Specification, Valid Object Paths.</summary>
    private static bool IsObjectPath(ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty || path[0] != '/') return false;
        if (path.Length == 1) return true;
        foreach (Range range in path[1..].Split((byte)'/'))
        {
            ReadOnlySpan<byte> element = path[1..][range];
            if (element.IsEmpty || element.ContainsAnyExcept(ElementCharacters)) return false;
        }

        return true;
    }
}
