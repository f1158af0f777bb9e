using System.Text;
using System.Text.Json;
using Spiffe.Agent.Identity.Json;

namespace Spiffe.Agent.Tests.Unit.Identity.Json;

/// <summary>RFC 8785, with its own examples.</summary>
public sealed class CanonicalJsonTests
{
    [Fact]
    public void The_example_of_the_RFC_is_written_as_the_RFC_writes_it() =>
        Assert.Equal(
            "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}",
            Canonical("""{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}"""));

    [Fact]
    public void Members_are_in_the_order_of_UTF_16_code_units() =>
        Assert.Equal(
            "{\"\\r\":1,\"1\":2,\"\u0080\":3,\"\u00f6\":4,\"\u20ac\":5,\"\ud83d\ude00\":6,\"\ufb33\":7}",
            Canonical("""{"\u20ac":5,"\r":1,"\ufb33":7,"1":2,"\ud83d\ude00":6,"\u0080":3,"\u00f6":4}"""));

    /// <summary>RFC 8785, appendix B, from the bits of the double.</summary>
    [Theory]
    [InlineData(0x0000000000000000UL, "0")]
    [InlineData(0x8000000000000000UL, "0")]
    [InlineData(0x0000000000000001UL, "5e-324")]
    [InlineData(0x7fefffffffffffffUL, "1.7976931348623157e+308")]
    [InlineData(0x4340000000000000UL, "9007199254740992")]
    [InlineData(0x44b52d02c7e14af5UL, "9.999999999999997e+22")]
    [InlineData(0x444b1ae4d6e2ef4fUL, "999999999999999900000")]
    [InlineData(0x444b1ae4d6e2ef50UL, "1e+21")]
    [InlineData(0x3eb0c6f7a0b5ed8cUL, "9.999999999999997e-7")]
    [InlineData(0x3eb0c6f7a0b5ed8dUL, "0.000001")]
    [InlineData(0x41b3de4355555553UL, "333333333.3333332")]
    [InlineData(0xbecbf647612f3696UL, "-0.0000033333333333333333")]
    public void Numbers_are_written_as_ECMAScript_does(ulong bits, string expected) => Assert.Equal(expected, EcmaScriptNumber.Format(BitConverter.UInt64BitsToDouble(bits)));

    [Fact]
    public void Two_numbers_that_a_double_cannot_tell_apart_have_one_form_unless_exactness_is_asked_for()
    {
        Assert.Equal(Canonical("[9007199254740993]"), Canonical("[9007199254740992]"));
        Assert.Throws<FormatException>(() => Canonical("[9007199254740993]", exact: true));
        Assert.Throws<FormatException>(() => Canonical("[1e-400]", exact: true));
        Assert.Equal("[0,100,0.1]", Canonical("[0e9,1.0E2,0.10]", exact: true));
    }

    [Theory]
    [InlineData("[\"\\ud800\"]")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("[1e400]")]
    public void What_has_no_canonical_form_is_refused(string json) => Assert.Throws<FormatException>(() => Canonical(json));

    private static string Canonical(string json, bool exact = false)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return Encoding.UTF8.GetString(CanonicalJson.Of(document.RootElement, exact));
    }
}
