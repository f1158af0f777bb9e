using Microsoft.Win32.SafeHandles;

namespace Spiffe.Agent.Attestation.DBus;

/// <summary>A question to a service of the bus.</summary>
/// <param name="Destination">Who is asked: the unique name of a connection, or the bus itself.</param>
/// <param name="Path">The object.</param>
/// <param name="Interface">The interface.</param>
/// <param name="Member">The method.</param>
internal sealed record MethodCall(string Destination, string Path, string Interface, string Member)
{
    /// <summary>The bus itself, which nobody else can be: it stamps the sender of every message. Also its path's interface.</summary>
    internal const string Bus = "org.freedesktop.DBus";

    /// <summary>NO_AUTO_START: a question must not start a service.</summary>
    private const byte Flags = 2;

    private const byte ProtocolVersion = 1;

    /// <summary>Arguments that are all strings.</summary>
    internal IReadOnlyList<string> Texts { get; init; } = [];

    /// <summary>The one argument, a number.</summary>
    internal uint? Number { get; init; }

    /// <summary>The one argument, a descriptor: sent beside the message.</summary>
    internal SafeFileHandle? Descriptor { get; init; }

    private string Signature => Descriptor is not null ? "h" : Number is not null ? "u" : new string('s', Texts.Count);

    /// <summary>A question to the bus itself.</summary>
    internal static MethodCall ToBus(string member, params string[] texts) => new(Bus, "/org/freedesktop/DBus", Bus, member) { Texts = texts };

    /// <summary>The message.</summary>
    internal ReadOnlySpan<byte> Write(uint serial)
    {
        MessageWriter message = new();
        message.Byte((byte)'l').Byte((byte)MessageType.MethodCall).Byte(Flags).Byte(ProtocolVersion);
        int bodyLength = message.Length;
        message.UInt32(0).UInt32(serial);
        int fieldsLength = message.Length;
        message.UInt32(0);
        int fields = message.Length;
        Field(HeaderField.Path, "o").String(Path);
        Field(HeaderField.Destination, "s").String(Destination);
        Field(HeaderField.Interface, "s").String(Interface);
        Field(HeaderField.Member, "s").String(Member);
        if (Signature.Length > 0) Field(HeaderField.Signature, "g").Signature(Signature);
        if (Descriptor is not null) Field(HeaderField.UnixFds, "u").UInt32(1);
        message.Overwrite(fieldsLength, (uint)(message.Length - fields));

        int body = message.Align(8).Length;
        foreach (string text in Texts) message.String(text);
        if (Number is { } number) message.UInt32(number);
        if (Descriptor is not null) message.UInt32(0); // The first of the descriptors beside the message.
        message.Overwrite(bodyLength, (uint)(message.Length - body));
        return message.Written;

        MessageWriter Field(HeaderField field, string type) => message.Align(8).Byte((byte)field).Signature(type);
    }
}
