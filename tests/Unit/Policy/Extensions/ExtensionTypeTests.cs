using Spiffe.Agent.Policy.Extensions;

namespace Spiffe.Agent.Tests.Unit.Policy.Extensions;

public sealed class ExtensionTypeTests
{
    [Theory]
    [InlineData("0.0", 0)]
    [InlineData("-0.5", -5_000)]
    [InlineData("12.34", 123_400)]
    [InlineData("000000000000000000000001.0001", 10_001)]
    [InlineData("922337203685477.5807", long.MaxValue)]
    [InlineData("-922337203685477.5808", long.MinValue)]
    public void A_decimal_counts_ten_thousandths(string text, long expected)
    {
        Assert.True(CedarDecimal.TryParse(text, out CedarDecimal value));
        Assert.Equal(expected, value.TenThousandths);
        Assert.True(CedarDecimal.TryParse(value.ToString(), out CedarDecimal again));
        Assert.Equal(value, again);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("1.")]
    [InlineData(".1")]
    [InlineData("+1.0")]
    [InlineData("1.00000")]
    [InlineData("--1.0")]
    [InlineData("1.0 ")]
    [InlineData("٣.0")]
    [InlineData("922337203685477.5808")]
    [InlineData("-922337203685477.5809")]
    [InlineData("99999999999999999999999999999999999999999999999.0")]
    [InlineData("")]
    public void What_is_no_decimal_is_refused(string text) => Assert.False(CedarDecimal.TryParse(text, out _));

    [Theory]
    [InlineData("1d2h3m4s5ms", 93_784_005)]
    [InlineData("-90s", -90_000)]
    [InlineData("0ms", 0)]
    [InlineData("9223372036854775807ms", long.MaxValue)]
    [InlineData("-9223372036854775808ms", long.MinValue)]
    [InlineData("1m1ms", 60_001)]
    public void A_duration_counts_milliseconds(string text, long expected)
    {
        Assert.True(CedarDuration.TryParse(text, out CedarDuration value));
        Assert.Equal(expected, value.Milliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("1")]
    [InlineData("d")]
    [InlineData("1s1m")]
    [InlineData("1d1d")]
    [InlineData("+1d")]
    [InlineData("1.5d")]
    [InlineData("1D")]
    [InlineData("1d ")]
    [InlineData("9223372036854775808ms")]
    [InlineData("106751991168d")]
    [InlineData("99999999999999999999d")]
    public void What_is_no_duration_is_refused(string text) => Assert.False(CedarDuration.TryParse(text, out _));

    [Theory]
    [InlineData("1970-01-01", 0)]
    [InlineData("2024-10-15", 1_728_950_400_000)]
    [InlineData("2024-10-15T11:38:02Z", 1_728_992_282_000)]
    [InlineData("2024-10-15T11:38:02.101Z", 1_728_992_282_101)]
    [InlineData("2024-10-15T11:38:02.101-1134", 1_729_033_922_101)]
    [InlineData("2024-10-15T11:38:02+1134", 1_728_950_642_000)]
    [InlineData("0000-02-29", -62_162_121_600_000)]
    [InlineData("9999-12-31T23:59:59.999Z", 253_402_300_799_999)]
    public void A_datetime_counts_milliseconds_since_1970(string text, long expected)
    {
        Assert.True(CedarDatetime.TryParse(text, out CedarDatetime value));
        Assert.Equal(expected, value.Milliseconds);
    }

    [Theory]
    [InlineData("2024-1-1")]
    [InlineData("2023-02-29")]
    [InlineData("2024-13-01")]
    [InlineData("2024-00-01")]
    [InlineData("2024-01-00")]
    [InlineData("2024-01-01T")]
    [InlineData("2024-01-01T00:00:00")]
    [InlineData("2024-01-01T24:00:00Z")]
    [InlineData("2024-01-01T00:60:00Z")]
    [InlineData("2024-01-01T00:00:60Z")]
    [InlineData("2024-01-01T00:00:00.1Z")]
    [InlineData("2024-01-01T00:00:00+2400")]
    [InlineData("2024-01-01T00:00:00+0060")]
    [InlineData("2024-01-01T00:00:00z")]
    [InlineData("2024-01-01 00:00:00Z")]
    [InlineData("-2024-01-01")]
    public void What_is_no_datetime_is_refused(string text) => Assert.False(CedarDatetime.TryParse(text, out _));

    [Theory]
    [InlineData(-1, 86_399_999)]
    [InlineData(-86_400_000, 0)]
    [InlineData(86_400_001, 1)]
    public void The_time_of_a_day_is_never_negative(long instant, long expected) => Assert.Equal(expected, new CedarDatetime(instant).TimeOfDay.Milliseconds);

    [Fact]
    public void What_leaves_the_range_of_times_is_refused()
    {
        Assert.False(new CedarDatetime(long.MaxValue).TryOffset(new CedarDuration(1), out _));
        Assert.False(new CedarDatetime(long.MinValue).TrySince(new CedarDatetime(1), out _));
        Assert.False(new CedarDatetime(long.MinValue).TryDate(out _));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.0.0.0/0")]
    [InlineData("::")]
    [InlineData("::1/128")]
    [InlineData("1:2:3:4:5:6:7::")]
    [InlineData("ABCD:EF01:2345:6789:ABCD:EF01:2345:6789/128")]
    public void An_address_reads_back_from_what_it_is_written_as(string text)
    {
        Assert.True(IpRange.TryParse(text, out IpRange? value));
        Assert.True(IpRange.TryParse(value!.ToString(), out IpRange? again));
        Assert.Equal(value, again);
    }

    [Theory]
    [InlineData("127.0.0")]
    [InlineData("127.0.0.01")]
    [InlineData("127.0.0.256")]
    [InlineData("127.0.0.1/33")]
    [InlineData("127.0.0.1/08")]
    [InlineData("127.0.0.1/")]
    [InlineData("127.0.0.1/-1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("1:2:3:4:5:6:7::8")]
    [InlineData("1:2:3:4:5:6:7:8::")]
    [InlineData(":::")]
    [InlineData("1::2::3")]
    [InlineData(":1")]
    [InlineData("12345::")]
    [InlineData("::/129")]
    [InlineData("::1%eth0")]
    [InlineData("")]
    public void What_is_no_address_is_refused(string text) => Assert.False(IpRange.TryParse(text, out _));

    [Theory]
    [InlineData("10.1.2.3", "10.0.0.0/8", true)]
    [InlineData("10.0.0.0/7", "10.0.0.0/8", false)]
    [InlineData("10.9.9.9/8", "10.0.0.0/8", true)]
    [InlineData("::1", "::/0", true)]
    [InlineData("10.0.0.1", "::/0", false)]
    [InlineData("255.255.255.255", "0.0.0.0/0", true)]
    public void A_range_is_in_another_where_all_of_it_is(string inner, string outer, bool expected)
    {
        Assert.True(IpRange.TryParse(inner, out IpRange? one));
        Assert.True(IpRange.TryParse(outer, out IpRange? other));
        Assert.Equal(expected, one!.IsInRange(other!));
    }

    [Theory]
    [InlineData("127.0.0.0/8", true, false)]
    [InlineData("127.0.0.0/7", false, false)]
    [InlineData("::1", true, false)]
    [InlineData("::1/127", false, false)]
    [InlineData("224.0.0.0/4", false, true)]
    [InlineData("ff00::/8", false, true)]
    [InlineData("ff00::/7", false, false)]
    public void A_range_is_loopback_or_multicast_where_all_of_it_is(string text, bool isLoopback, bool isMulticast)
    {
        Assert.True(IpRange.TryParse(text, out IpRange? value));
        Assert.Equal((isLoopback, isMulticast), (value!.IsLoopback, value.IsMulticast));
    }
}
