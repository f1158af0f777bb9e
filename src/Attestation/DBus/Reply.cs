using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Spiffe.Agent.Attestation.DBus;

/// <summary>An answer to a call: a method return or an error.</summary>
/// <param name="Serial">Which call it answers.</param>
/// <param name="Sender">Who answers, as the bus stamped it; empty when it did not.</param>
/// <param name="ErrorName">Null for a method return.</param>
/// <param name="Signature">Types of the body.</param>
/// <param name="BigEndian">Byte order of the body.</param>
/// <param name="Body">The body, not read yet.</param>
internal sealed record Reply(uint Serial, string Sender, string? ErrorName, string Signature, bool BigEndian, ReadOnlyMemory<byte> Body)
{
    /// <summary>Reads a whole message whose type is an answer. Fields that are not used here are checked and passed over; one that occurs twice refuses the message.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> message, MessagePrefix prefix, [NotNullWhen(true)] out Reply? reply)
    {
        reply = null;
        if (message.Length != prefix.TotalLength || prefix.Type is not (MessageType.MethodReturn or MessageType.Error)) return false;
        MessageReader reader = new(message[..prefix.BodyStart], prefix.BigEndian);
        for (int i = 0; i < MessagePrefix.Size; i++) _ = reader.TryByte(out _);

        uint? serial = null;
        string? sender = null, error = null, signature = null;
        int end = MessagePrefix.Size + prefix.FieldsLength;
        while (reader.At < end)
        {
            if (!reader.TryAlign(8) || !reader.TryByte(out byte field) || !reader.TrySignature(out ReadOnlySpan<byte> type)) return false;
            bool good = (HeaderField)field switch
            {
                HeaderField.ReplySerial => type.SequenceEqual("u"u8) && TrySerial(ref reader, ref serial),
                HeaderField.Sender => type.SequenceEqual("s"u8) && TryText(ref reader, ref sender),
                HeaderField.ErrorName => type.SequenceEqual("s"u8) && TryText(ref reader, ref error),
                HeaderField.Signature => type.SequenceEqual("g"u8) && TrySignature(ref reader, ref signature),
                _ => IsOneType(type) && reader.TrySkip(type),
            };
            if (!good) return false;
        }

        bool whole = reader.At == end && reader.TryAlign(8) && reader.IsAtEnd && serial is not null && string.IsNullOrEmpty(signature) == (prefix.BodyLength == 0);
        if (!whole || (error is null) != (prefix.Type == MessageType.MethodReturn)) return false;
        reply = new Reply(serial!.Value, sender ?? "", error, signature ?? "", prefix.BigEndian, message[prefix.BodyStart..].ToArray());
        return true;
    }

    /// <summary>The one object path that this is.</summary>
    /// <exception cref="DBusException">It is something else.</exception>
    internal string ReadObjectPath()
    {
        MessageReader reader = new(Body.Span, BigEndian);
        return Signature == "o" && reader.TryObjectPath(out string path) && reader.IsAtEnd ? path : throw NotA("object path");
    }

    /// <summary>The one string that this is.</summary>
    /// <exception cref="DBusException">It is something else.</exception>
    internal string ReadString()
    {
        MessageReader reader = new(Body.Span, BigEndian);
        return Signature == "s" && reader.TryString(out string text) && reader.IsAtEnd ? text : throw NotA("string");
    }

    /// <summary>The one number that this is.</summary>
    /// <exception cref="DBusException">It is something else.</exception>
    internal uint ReadUInt32()
    {
        MessageReader reader = new(Body.Span, BigEndian);
        return Signature == "u" && reader.TryUInt32(out uint number) && reader.IsAtEnd ? number : throw NotA("number");
    }

    /// <summary>The string in the variant that this is: a property.</summary>
    /// <exception cref="DBusException">It is something else.</exception>
    internal string ReadVariantString()
    {
        MessageReader reader = new(Body.Span, BigEndian);
        return Signature == "v" && reader.TrySignature(out ReadOnlySpan<byte> type) && type.SequenceEqual("s"u8) && reader.TryString(out string text) && reader.IsAtEnd
            ? text
            : throw NotA("property of type string");
    }

    /// <summary>The bytes in the variant that this is: a property.</summary>
    /// <exception cref="DBusException">It is something else.</exception>
    internal byte[] ReadVariantBytes()
    {
        MessageReader reader = new(Body.Span, BigEndian);
        return Signature == "v" && reader.TrySignature(out ReadOnlySpan<byte> type) && type.SequenceEqual("ay"u8) && reader.TryBytes(out ReadOnlySpan<byte> bytes) && reader.IsAtEnd
            ? bytes.ToArray()
            : throw NotA("property of type bytes");
    }

    /// <summary>As <c>GetUnitByPIDFD</c> answers: an object path, a string and bytes.</summary>
    /// <exception cref="DBusException">It is something else.</exception>
    internal (string Path, string Text, byte[] Bytes) ReadPathStringBytes()
    {
        MessageReader reader = new(Body.Span, BigEndian);
        return Signature == "osay" && reader.TryObjectPath(out string path) && reader.TryString(out string text) && reader.TryBytes(out ReadOnlySpan<byte> bytes) && reader.IsAtEnd
            ? (path, text, bytes.ToArray())
            : throw NotA("path, string and bytes");
    }

    private DBusException NotA(string expected) => DBusException.Malformed($"an answer from {Sender} is no {expected}");

    private static bool IsOneType(ReadOnlySpan<byte> type) => TypeSignature.TryTakeOne(ref type, out _, TypeSignature.MaxDepth) && type.IsEmpty;

    private static bool TrySerial(ref MessageReader reader, ref uint? serial)
    {
        if (serial is not null || !reader.TryUInt32(out uint number) || number == 0) return false;
        serial = number;
        return true;
    }

    private static bool TryText(ref MessageReader reader, ref string? text)
    {
        if (text is not null || !reader.TryString(out string read)) return false;
        text = read;
        return true;
    }

    private static bool TrySignature(ref MessageReader reader, ref string? signature)
    {
        if (signature is not null || !reader.TrySignature(out ReadOnlySpan<byte> read)) return false;
        signature = Encoding.ASCII.GetString(read);
        return true;
    }
}
