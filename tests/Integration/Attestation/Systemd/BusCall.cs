using System.Text;
using Spiffe.Agent.Attestation.DBus;

namespace Spiffe.Agent.Tests.Integration.Attestation.Systemd;

/// <summary>A call as it arrived at a fake.</summary>
internal sealed record BusCall(uint Serial, string Member, string Destination, string Sender, string Signature, uint Descriptors, string[] Texts, uint Number)
{
    internal static BusCall Read(byte[] message)
    {
        Assert.True(MessagePrefix.TryParse(message, out MessagePrefix prefix));
        MessageReader reader = new(message, prefix.BigEndian);
        for (int i = 0; i < 8; i++) Assert.True(reader.TryByte(out _));
        Assert.True(reader.TryUInt32(out uint serial) && reader.TryUInt32(out _));
        Dictionary<HeaderField, string> texts = [];
        uint descriptors = 0;
        while (reader.At < MessagePrefix.Size + prefix.FieldsLength)
        {
            Assert.True(reader.TryAlign(8));
            Assert.True(reader.TryByte(out byte field));
            Assert.True(reader.TrySignature(out ReadOnlySpan<byte> type));
            string text = "";
            if (type.SequenceEqual("g"u8) && reader.TrySignature(out ReadOnlySpan<byte> signature)) text = Encoding.ASCII.GetString(signature);
            else Assert.True(type.SequenceEqual("u"u8) ? reader.TryUInt32(out descriptors) : reader.TryString(out text));
            texts[(HeaderField)field] = text;
        }

        Assert.True(reader.TryAlign(8));
        string types = texts.GetValueOrDefault(HeaderField.Signature, "");
        List<string> arguments = [];
        uint number = 0;
        foreach (char type in types)
        {
            if (type is 'u' or 'h') Assert.True(reader.TryUInt32(out number));
            else if (type == 's' && reader.TryString(out string argument)) arguments.Add(argument);
        }

        return new BusCall(
            serial, texts.GetValueOrDefault(HeaderField.Member, ""), texts.GetValueOrDefault(HeaderField.Destination, ""), texts.GetValueOrDefault(HeaderField.Sender, ""), types,
            descriptors, [.. arguments], number);
    }

    /// <summary>An answer to this.</summary>
    internal byte[] Answer(string sender, string signature, Action<MessageWriter> body) => Write(MessageType.MethodReturn, sender, null, signature, body);

    /// <summary>An error as an answer to this.</summary>
    internal byte[] Error(string sender, string name) => Write(MessageType.Error, sender, name, "", static _ => { });

    /// <summary>A signal that nobody asked for, with a body of so many bytes.</summary>
    internal static byte[] Signal(int length)
    {
        MessageWriter signal = new();
        signal.Byte((byte)'l').Byte((byte)MessageType.Signal).Byte(1).Byte(1).UInt32((uint)length + 4).UInt32(77).UInt32(0);
        signal.Align(8).Byte((byte)HeaderField.Path).Signature("o").String("/x").Align(8).Byte((byte)HeaderField.Signature).Signature("g").Signature("ay");
        signal.Overwrite(12, (uint)(signal.Length - MessagePrefix.Size));
        return signal.Align(8).UInt32((uint)length).Bytes(new byte[length]).Written.ToArray();
    }

    private byte[] Write(MessageType type, string sender, string? error, string signature, Action<MessageWriter> write)
    {
        MessageWriter body = new();
        write(body);
        MessageWriter message = new();
        message.Byte((byte)'l').Byte((byte)type).Byte(1).Byte(1).UInt32((uint)body.Length).UInt32(Serial).UInt32(0);
        message.Align(8).Byte((byte)HeaderField.ReplySerial).Signature("u").UInt32(Serial);
        message.Align(8).Byte((byte)HeaderField.Sender).Signature("s").String(sender);
        if (Sender.Length > 0) message.Align(8).Byte((byte)HeaderField.Destination).Signature("s").String(Sender);
        if (error is not null) message.Align(8).Byte((byte)HeaderField.ErrorName).Signature("s").String(error);
        if (signature.Length > 0) message.Align(8).Byte((byte)HeaderField.Signature).Signature("g").Signature(signature);
        message.Overwrite(12, (uint)(message.Length - MessagePrefix.Size));
        return [.. message.Align(8).Written, .. body.Written];
    }
}
