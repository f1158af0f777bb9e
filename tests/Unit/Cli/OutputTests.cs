using System.Globalization;
using Spiffe.Agent.Cli.Explain;
using Spiffe.Agent.Cli.Output;

namespace Spiffe.Agent.Tests.Unit.Cli;

public sealed class OutputTests
{
    [Theory]
    [InlineData("plain text, ümläut 漢字 😀", "plain text, ümläut 漢字 😀")]
    [InlineData("\e[2J\a", @"\u{1b}[2J\u{7}")]
    [InlineData("a\u009b31mb", @"a\u{9b}31mb")]
    [InlineData("a\r\nb\tc", @"a\u{d}\u{a}b\u{9}c")]
    [InlineData("a\u202eb\u2066c\u200bd\ufeff", @"a\u{202e}b\u{2066}c\u{200b}d\u{feff}")]
    [InlineData("a\u2028b", @"a\u{2028}b")]
    public void Text_that_a_terminal_would_obey_is_written_out(string text, string expected) => Assert.Equal(expected, SafeText.Of(text));

    // Not as InlineData: attributes are stored as UTF-8, which has no halves.
    [Fact]
    public void Half_of_a_pair_is_written_out() => Assert.Equal(@"a\u{d800}b\u{dc00}", SafeText.Of("a\ud800b\udc00"));

    [Theory]
    [InlineData("0", "0 seconds")]
    [InlineData("1", "1 second")]
    [InlineData("59.9", "59 seconds")]
    [InlineData("65", "1 minute 5 seconds")]
    [InlineData("1745", "29 minutes")]
    [InlineData("3900", "1 hour 5 minutes")]
    [InlineData("86399", "23 hours")]
    [InlineData("90000", "1 day 1 hour")]
    [InlineData("1036800", "12 days")]
    public void Span_is_told_in_its_two_largest_units(string seconds, string expected) =>
        Assert.Equal(expected, Moment.Words(TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture))));

    [Fact]
    public void Style_changes_nothing_but_the_looks()
    {
        static string Write(bool isStyled) => new TextPage(isStyled).Heading("name", "remark").Field("label", "value").Table([["A", "B"], ["one", "two"]]).ToString();
        string styled = Write(true);
        Assert.Contains("\e[1mname\e[0m", styled, StringComparison.Ordinal);
        Assert.Equal(Write(false), styled.Replace("\e[1m", "", StringComparison.Ordinal).Replace("\e[2m", "", StringComparison.Ordinal).Replace("\e[0m", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("xterm", null, true)]
    [InlineData("xterm", "", true)]
    [InlineData("xterm", "1", false)]
    [InlineData("dumb", null, false)]
    [InlineData(null, null, false)]
    public void Style_is_wanted_unless_no_color_or_a_dumb_terminal_says_otherwise(string? term, string? noColor, bool expected) =>
        Assert.Equal(expected, Terminal.WantsStyle(name => name == "TERM" ? term : noColor));

    [Theory]
    [InlineData("docker:env:A=secret", "docker:env:A=[redacted]")]
    [InlineData("podman:env:A=x=y:z", "podman:env:A=[redacted]")]
    [InlineData("docker:label:env:A=b", "docker:label:env:A=b")]
    [InlineData("unix:uid:0", "unix:uid:0")]
    public void Values_of_environment_variables_are_hidden(string selector, string expected) => Assert.Equal(expected, SelectorText.Redact(selector));
}
