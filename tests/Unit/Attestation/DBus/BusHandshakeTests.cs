using System.Text;
using Spiffe.Agent.Attestation.DBus;

namespace Spiffe.Agent.Tests.Unit.Attestation.DBus;

public sealed class BusHandshakeTests
{
    [Theory]
    [InlineData("DATA\r\nOK 0123456789abcdef\r\nAGREE_UNIX_FD\r\n", true)]
    [InlineData("DATA\r\nOK 0123456789abcdef\r\nERROR\r\n", false)]
    [InlineData("DATA\r\nOK 0123456789abcdef\r\nERROR \"no\"\r\n", false)]
    public void Bus_that_lets_us_in_says_whether_descriptors_pass(string answers, bool passes)
    {
        Assert.True(BusHandshake.TryRead(Encoding.ASCII.GetBytes(answers), out bool passesDescriptors));
        Assert.Equal(passes, passesDescriptors);
    }

    [Fact]
    public void Every_part_of_the_answers_waits_for_the_rest()
    {
        byte[] answers = "DATA\r\nOK 0123456789abcdef\r\nAGREE_UNIX_FD\r\n"u8.ToArray();
        for (int length = 0; length < answers.Length; length++) Assert.False(BusHandshake.TryRead(answers.AsSpan(0, length), out _));
    }

    [Theory]
    [InlineData("REJECTED EXTERNAL\r\n")]
    [InlineData("OK 0123\r\nAGREE_UNIX_FD\r\n")]
    [InlineData("DATA\r\nREJECTED EXTERNAL ANONYMOUS\r\n")]
    [InlineData("DATA\r\nOK 0123\r\nMAYBE\r\n")]
    [InlineData("DATA\r\nOK 0123\r\nAGREE_UNIX_FD\r\nl\u0002")]
    public void Bus_that_says_anything_else_is_refused(string answers) =>
        Assert.Throws<DBusException>(() => BusHandshake.TryRead(Encoding.ASCII.GetBytes(answers), out _));
}
