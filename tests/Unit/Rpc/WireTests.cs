using Spiffe.Agent.Rpc;
using Spiffe.Agent.Rpc.Wire;

namespace Spiffe.Agent.Tests.Unit.Rpc;

/// <summary>The small codings of gRPC over HTTP/2, by example. Properties: tests/Fuzz/Rpc.</summary>
public sealed class WireTests
{
    [Theory]
    [InlineData("1H", 3600_000)]
    [InlineData("2M", 120_000)]
    [InlineData("3S", 3000)]
    [InlineData("4m", 4)]
    [InlineData("5000u", 5)]
    [InlineData("6000000n", 6)]
    [InlineData("00000007S", 7000)]
    public void Timeout_has_up_to_eight_digits_and_a_unit(string text, int milliseconds)
    {
        Assert.True(GrpcTimeout.TryParse(text, out TimeSpan timeout));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), timeout);
    }

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("1")]
    [InlineData("1s")]
    [InlineData("+1S")]
    [InlineData("1.5S")]
    [InlineData(" 1S")]
    [InlineData("١S")]
    [InlineData("123456789S")]
    public void Malformed_timeout_is_refused(string text) => Assert.False(GrpcTimeout.TryParse(text, out _));

    [Fact]
    public void Timeout_beyond_what_a_timer_holds_is_cut()
    {
        Assert.True(GrpcTimeout.TryParse("99999999H", out TimeSpan timeout));
        Assert.Equal(GrpcTimeout.Longest, timeout);
    }

    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("100 %", "100 %25")]
    [InlineData("\t\n☺", "%09%0A%E2%98%BA")]
    public void Message_is_percent_encoded(string text, string coded)
    {
        Assert.Equal(coded, PercentEncoding.Encode(text));
        Assert.Equal(text, PercentEncoding.Decode(coded));
    }

    [Theory]
    [InlineData("%", "%")]
    [InlineData("%4", "%4")]
    [InlineData("%zz", "%zz")]
    [InlineData("%FF", "\uFFFD")]
    public void Malformed_percent_encoding_is_kept_readable(string coded, string text) => Assert.Equal(text, PercentEncoding.Decode(coded));

    [Theory]
    [InlineData("q6ur", "ABABAB")]
    [InlineData("q6s=", "ABAB")]
    [InlineData("q6s", "ABAB")]
    [InlineData("", "")]
    public void Binary_value_is_read_with_and_without_padding(string text, string hex)
    {
        Assert.True(BinaryValue.TryDecode(text, out byte[] value));
        Assert.Equal(hex, Convert.ToHexString(value));
    }

    [Theory]
    [InlineData("q")]
    [InlineData("q6 s")]
    [InlineData("q=6s")]
    [InlineData("q6-_")]
    public void Binary_value_that_is_no_base64_is_refused(string text) => Assert.False(BinaryValue.TryDecode(text, out _));

    [Fact]
    public void Binary_header_holds_several_values_separated_by_commas()
    {
        Metadata metadata = new();
        Assert.True(HeaderMetadata.TryAdd(metadata, "a-bin", "AQ,Ag=="));
        Assert.Equal([1], metadata[0].ValueBytes!);
        Assert.Equal([2], metadata[1].ValueBytes!);
    }

    [Theory]
    [InlineData("Ä", "v")]
    [InlineData("a b", "v")]
    [InlineData("a", "line\nbreak")]
    [InlineData("a", "ü")]
    public void Metadata_that_the_wire_does_not_carry_is_refused(string key, string value)
    {
        Assert.Throws<ArgumentException>(() => new Metadata { { key, value } });
        Assert.False(HeaderMetadata.TryAdd([], key, value));
    }

    [Theory]
    [InlineData("application/grpc", true)]
    [InlineData("application/grpc+proto", true)]
    [InlineData("application/grpc;a=b", true)]
    [InlineData("application/grpc-web", false)]
    [InlineData("application/json", false)]
    public void Content_type_is_grpc_with_protobuf_or_nothing(string contentType, bool expected) =>
        Assert.Equal(expected, GrpcHeaders.IsGrpc(contentType));
}
