using System.Text;
using Spiffe.Agent.Attestation.DBus;

namespace Spiffe.Agent.Tests.Unit.Attestation.DBus;

/// <summary>Messages against those that systemd and dbus-daemon wrote.</summary>
public sealed class MessageTests
{
    [Fact]
    public void Recorded_answers_are_read()
    {
        Reply hello = Read(Recorded.HelloAnswer), unit = Read(Recorded.UnitPathAnswer);

        Assert.Equal((1u, "org.freedesktop.DBus", ":1.4"), (hello.Serial, hello.Sender, hello.ReadString()));
        Assert.Equal((2u, ":1.0", "/org/freedesktop/systemd1/unit/init_2escope"), (unit.Serial, unit.Sender, unit.ReadObjectPath()));
        Assert.Equal("/lib/systemd/system/dbus.service", Read(Recorded.FragmentPathAnswer).ReadVariantString());
        Assert.Equal("decdde1a0dc8455b97fe18dbbca2fd6f", Convert.ToHexStringLower(Read(Recorded.InvocationAnswer).ReadVariantBytes()));
    }

    [Fact]
    public void Recorded_error_is_read_by_its_name()
    {
        Reply error = Read(Recorded.NoUnitAnswer);

        Assert.Equal("org.freedesktop.systemd1.NoUnitForPID", error.ErrorName);
        Assert.Equal("s", error.Signature);
    }

    [Fact]
    public void Recorded_body_of_nested_types_is_passed_over_to_its_end()
    {
        byte[] signal = Recorded.PropertiesChanged;
        Assert.True(MessagePrefix.TryParse(signal, out MessagePrefix prefix));
        MessageReader reader = new(signal.AsSpan(prefix.BodyStart), prefix.BigEndian);

        Assert.True(reader.TrySkip("s"u8) && reader.TrySkip("a{sv}"u8) && reader.TrySkip("as"u8));
        Assert.True(reader.IsAtEnd);
    }

    [Fact]
    public void Call_is_written_as_the_specification_says()
    {
        byte[] call = new MethodCall(":1.0", "/a", "b.c", "D") { Number = 1 }.Write(7).ToArray();

        Assert.Equal(
            [
                .. "l\u0001\u0002\u0001\u0004\0\0\0\u0007\0\0\0\u0047\0\0\0"u8,
                .. "\u0001\u0001o\0\u0002\0\0\0/a\0\0\0\0\0\0"u8,
                .. "\u0006\u0001s\0\u0004\0\0\0:1.0\0\0\0\0"u8,
                .. "\u0002\u0001s\0\u0003\0\0\0b.c\0\0\0\0\0"u8,
                .. "\u0003\u0001s\0\u0001\0\0\0D\0\0\0\0\0\0\0"u8,
                .. "\u0008\u0001g\0\u0001u\0\0"u8,
                .. "\u0001\0\0\0"u8,
            ],
            call);
    }

    [Fact]
    public void Call_with_a_descriptor_counts_it_in_its_header_and_names_the_first()
    {
        using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle("/dev/null");
        byte[] call = new MethodCall(":1.0", "/a", "b.c", "D") { Descriptor = file }.Write(1).ToArray();

        Assert.Contains("\u0009\u0001u\0\u0001\0\0\0", Encoding.Latin1.GetString(call), StringComparison.Ordinal);
        Assert.Contains("\u0008\u0001g\0\u0001h\0", Encoding.Latin1.GetString(call), StringComparison.Ordinal);
        Assert.Equal(new byte[4], call[^4..]);
    }

    [Fact]
    public void Big_endian_answer_is_read()
    {
        byte[] message =
        [
            .. "B\u0002\u0001\u0001\0\0\0\u0004\0\0\0\u0009\0\0\0\u000f"u8,
            .. "\u0005\u0001u\0\0\0\0\u0003\u0008\u0001g\0\u0001u\0\0"u8,
            .. "\0\0\u0001\u0000"u8,
        ];

        Reply reply = Read(message);

        Assert.Equal((3u, 256u), (reply.Serial, reply.ReadUInt32()));
    }

    [Theory]
    [InlineData("another type", "s")]
    [InlineData("no body", "")]
    [InlineData("more than was asked for", "oo")]
    public void Answer_of_another_type_than_expected_is_malformed(string what, string signature)
    {
        MessageWriter body = new();
        foreach (char type in signature) body.String(type == 'o' ? "/a" : what);
        Reply reply = new(1, ":1.0", null, signature, false, body.Written.ToArray());

        Assert.Equal(DBusFault.Malformed, Assert.Throws<DBusException>(() => reply.ReadObjectPath()).Fault);
    }

    [Theory]
    [InlineData(16 + 1, "padding of a field that is not zero", 1)]
    [InlineData(0, "byte order", 'x')]
    [InlineData(3, "protocol version", 2)]
    [InlineData(8, "serial 0", 0)]
    [InlineData(4, "length of the body", 200)]
    [InlineData(12, "length of the fields", 200)]
    [InlineData(24, "number of a field, so that one comes twice", 6)]
    public void Answer_with_a_byte_changed_is_refused(int at, string what, byte value)
    {
        byte[] message = Recorded.HelloAnswer;
        Assert.True(TryRead(message), "unchanged it is good");
        // Where each of these is in the recorded answer: fields start at 16 with destination (6), then reply serial (5) at 32.
        int place = at switch { 17 => 29, 24 => 32, _ => at };
        Assert.NotEqual(value, message[place]);
        message[place] = value;

        Assert.False(TryRead(message), what);
    }

    [Fact]
    public void Answer_without_a_serial_or_an_error_without_a_name_is_refused()
    {
        byte[] answer = Recorded.NoUnitAnswer, other = Recorded.HelloAnswer;
        answer[1] = (byte)MessageType.MethodReturn; // A return with an error's name.
        other[1] = (byte)MessageType.Error; // An error without.

        Assert.False(TryRead(answer));
        Assert.False(TryRead(other));
    }

    [Theory]
    [InlineData("/", true)]
    [InlineData("/org/freedesktop/systemd1/unit/a_2eservice", true)]
    [InlineData("", false)]
    [InlineData("/a/", false)]
    [InlineData("//", false)]
    [InlineData("a", false)]
    [InlineData("/a-b", false)]
    [InlineData("/a/../b", false)]
    public void Object_paths_are_the_specifications(string path, bool good)
    {
        MessageReader reader = new(new MessageWriter().String(path).Written, false);

        Assert.Equal(good, reader.TryObjectPath(out _));
    }

    [Theory]
    [InlineData(new byte[] { 3, 0, 0, 0, (byte)'a', 0, (byte)'b', 0 }, "NUL inside")]
    [InlineData(new byte[] { 1, 0, 0, 0, 0xff, 0 }, "not UTF-8")]
    [InlineData(new byte[] { 1, 0, 0, 0, (byte)'a', (byte)'b' }, "not ended by NUL")]
    [InlineData(new byte[] { 1, 0, 0, 0, (byte)'a' }, "no room for the NUL")]
    [InlineData(new byte[] { 0xff, 0xff, 0xff, 0xff, (byte)'a', 0 }, "longer than the message")]
    public void String_that_is_not_what_it_says_is_refused(byte[] bytes, string why)
    {
        MessageReader reader = new(bytes, false);

        Assert.False(reader.TryString(out _), why);
    }

    [Theory]
    [InlineData("a{sv}", true)]
    [InlineData("(iua(ss))v", true)]
    [InlineData("", true)]
    [InlineData("a", false)]
    [InlineData("()", false)]
    [InlineData("(i", false)]
    [InlineData("{sv}", false)]
    [InlineData("a{vs}", false)]
    [InlineData("a{sss}", false)]
    [InlineData("m", false)]
    public void Signatures_are_the_specifications(string signature, bool good) => Assert.Equal(good, TypeSignature.IsValid(Encoding.ASCII.GetBytes(signature)));

    [Fact]
    public void Nesting_is_bounded()
    {
        Assert.True(TypeSignature.IsValid(Encoding.ASCII.GetBytes(new string('a', TypeSignature.MaxDepth - 1) + "y")));
        Assert.False(TypeSignature.IsValid(Encoding.ASCII.GetBytes(new string('a', TypeSignature.MaxDepth) + "y")));

        // Variants in variants: the types come with the values.
        byte[] nested = [.. Enumerable.Repeat("\u0001v\0"u8.ToArray(), 100).SelectMany(v => v), .. "\u0001y\0\0"u8];
        MessageReader reader = new(nested, false);
        Assert.False(reader.TrySkip("v"u8));
    }

    [Fact]
    public void Padding_must_be_zero()
    {
        MessageReader good = new([1, 0, 0, 0, 5, 0, 0, 0], false), bad = new([1, 0, 9, 0, 5, 0, 0, 0], false);

        Assert.True(good.TryByte(out _) && good.TryUInt32(out uint five) && five == 5);
        Assert.True(bad.TryByte(out _));
        Assert.False(bad.TryUInt32(out _));
    }

    private static Reply Read(byte[] message)
    {
        Assert.True(MessagePrefix.TryParse(message, out MessagePrefix prefix));
        Assert.True(Reply.TryParse(message, prefix, out Reply? reply));
        return reply;
    }

    private static bool TryRead(byte[] message) => MessagePrefix.TryParse(message, out MessagePrefix prefix) && Reply.TryParse(message, prefix, out _);
}
