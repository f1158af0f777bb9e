using Spiffe.Agent.Attestation.Attestors.Containerd;

namespace Spiffe.Agent.Tests.Unit.Attestation.Containerd;

/// <summary>The encoding of Protocol Buffers, byte by byte, and what is none.</summary>
public sealed class ProtobufReaderTests
{
    [Fact]
    public void Fields_are_read_in_order_and_foreign_ones_stepped_over()
    {
        // 1: 150 · 2: "testing" · 3: a fixed32 · 4: a fixed64 · 5: the largest varint
        ProtobufReader reader = new(Convert.FromHexString("0896011207" + "74657374696e67" + "1d01020304" + "210102030405060708" + "28ffffffffffffffffff01"));

        Assert.True(reader.Next());
        Assert.Equal((1, 150UL), (reader.Field, reader.Number));
        Assert.True(reader.Next());
        Assert.Equal("testing"u8, reader.Bytes);
        Assert.True(reader.Next());
        Assert.True(reader.Next());
        Assert.Equal(4, reader.Field);
        Assert.True(reader.Next());
        Assert.Equal(ulong.MaxValue, reader.Number);
        Assert.False(reader.Next());
    }

    [Theory]
    [InlineData("08")] // a tag without a value
    [InlineData("80")] // a tag without an end
    [InlineData("0880808080808080808002")] // a varint of 65 bits
    [InlineData("08ffffffffffffffffffff01")] // a varint of 11 bytes
    [InlineData("0a05616263")] // longer than the message
    [InlineData("0affffffffffffffffff01")] // longer than anything
    [InlineData("0d010203")] // half a fixed32
    [InlineData("0900")] // half a fixed64
    [InlineData("0001")] // field 0
    [InlineData("8080808010")] // a field number of 30 bits
    [InlineData("0b0c")] // a group
    [InlineData("0e")] // no kind there is
    public void What_is_no_message_is_refused(string hex)
    {
        byte[] message = Convert.FromHexString(hex);

        Assert.Throws<InvalidDataException>(() => new ProtobufReader(message).Next());
    }

    [Fact]
    public void Field_of_another_kind_than_expected_is_refused()
    {
        Assert.Throws<InvalidDataException>(() =>
        {
            ProtobufReader reader = new([8, 1]);
            reader.Next();
            return reader.Bytes.Length;
        });
        Assert.Throws<InvalidDataException>(() =>
        {
            ProtobufReader reader = new([10, 1, 65]);
            reader.Next();
            return reader.Number;
        });
    }

    [Fact]
    public void Text_that_is_not_utf8_is_not_mended() =>
        Assert.Throws<InvalidDataException>(() => ContainerRecord.Parse([10, 4, 10, 2, 0xc3, 0x28]));

    [Fact]
    public void Process_number_beyond_any_pid_is_refused() =>
        Assert.Throws<InvalidDataException>(() => TaskRecord.Parse([10, 6, 24, 0x80, 0x80, 0x80, 0x80, 8]));

    [Fact]
    public void Empty_answer_names_no_container_and_no_process()
    {
        Assert.Equal("", ContainerRecord.Parse([]).Id);
        Assert.Equal(new TaskRecord(0, false), TaskRecord.Parse([]));
    }
}
