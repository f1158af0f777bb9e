using Spiffe.Agent.Attestation.Attestors.Systemd;

namespace Spiffe.Agent.Tests.Unit.Attestation.Systemd;

public sealed class UnitNameTests
{
    [Theory]
    [InlineData("web.service", "service", null, null)]
    [InlineData("web@blue.service", "service", "web@.service", "blue")]
    [InlineData("web@a@b.service", "service", "web@.service", "a@b")]
    [InlineData("web@1.2.scope", "scope", "web@.scope", "1.2")]
    [InlineData(@"web@var-lib\x2dx.service", "service", "web@.service", @"var-lib\x2dx")]
    [InlineData("init.scope", "scope", null, null)]
    [InlineData("-.slice", "slice", null, null)]
    [InlineData("a:b_c.d.service", "service", null, null)]
    public void Unit_is_read(string text, string kind, string? template, string? instance)
    {
        Assert.True(UnitName.TryParse(text, out UnitName? name));
        Assert.Equal((text, kind, template, instance), (name.Text, name.Kind, name.Template, name.Instance));
    }

    [Theory]
    [InlineData("web")]
    [InlineData(".service")]
    [InlineData("web@.service")]
    [InlineData("@blue.service")]
    [InlineData("web.timer")]
    [InlineData("web.Service")]
    [InlineData("we b.service")]
    [InlineData("web/x.service")]
    [InlineData("wéb.service")]
    [InlineData("web.service\n")]
    [InlineData("")]
    public void What_systemd_calls_no_unit_with_processes_is_none(string text) => Assert.False(UnitName.TryParse(text, out _));

    [Fact]
    public void Longer_names_than_systemd_allows_are_none()
    {
        Assert.True(UnitName.TryParse(new string('a', 255 - 8) + ".service", out _));
        Assert.False(UnitName.TryParse(new string('a', 256 - 8) + ".service", out _));
    }
}
