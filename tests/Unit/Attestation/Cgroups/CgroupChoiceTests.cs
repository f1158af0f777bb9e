using System.Collections.Immutable;
using Spiffe.Agent.Attestation.Cgroups;
using static Spiffe.Agent.Tests.Unit.Attestation.Cgroups.Paths;

namespace Spiffe.Agent.Tests.Unit.Attestation.Cgroups;

/// <summary>Which line counts on each kind of host, and which lines contradict each other.</summary>
public sealed class CgroupChoiceTests
{
    private static readonly CgroupLayouts Layouts = new(new CgroupOptions());

    [Theory]
    [InlineData($"0::/docker/{A}\n", "0::")]
    [InlineData($"3:cpu:/docker/{A}\n2:memory:/docker/{A}\n1:name=systemd:/docker/{A}\n", "1:name=systemd:")]
    [InlineData($"3:cpu:/docker/{A}\n2:memory:/docker/{A}\n0::/\n", "3:cpu:")]
    [InlineData($"3:cpu:/docker/{A}\n1:name=systemd:/docker/{A}\n0::/docker/{A}\n", "0::")]
    [InlineData($"3:cpu:/docker/{A}\n2:rdma:/\n1:name=systemd:/docker/{A}/below\n", "1:name=systemd:")]
    [InlineData($"3:cpu:/docker/{A}\n1:name=systemd:/docker/{A}\n0::/system.slice/containerd.service\n", "1:name=systemd:")]
    [InlineData($"3:cpu:/docker\n1:name=systemd:/docker/{A}\n", "1:name=systemd:")]
    [InlineData($"4:memory:/process_api/x\n1:name=systemd:/\n0::/docker/{A}\n", "0::")]
    public void Container_counts_where_it_is_found(string text, string line)
    {
        Assert.True(TryChoose(text, out CgroupChoice choice));
        Assert.Equal(A, choice.Anchored.Place.Container!.Id);
        Assert.StartsWith(line, choice.Line.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0::/system.slice/web.service\n", "web.service")]
    [InlineData("3:pids:/system.slice/web.service\n2:cpu:/system.slice\n1:name=systemd:/system.slice/web.service\n0::/system.slice/web.service\n", "web.service")]
    [InlineData("3:pids:/system.slice/web.service\n1:name=systemd:/system.slice/web.service\n", "web.service")]
    [InlineData("1:name=systemd:/system.slice/web.service\n0::/\n", "web.service")]
    [InlineData("1:name=systemd:/system.slice/web.service/a\n0::/system.slice/web.service/b\n", "web.service")]
    [InlineData("2:pids:/user.slice/user-1000.slice/session-3.scope\n1:name=systemd:/user.slice/user-1000.slice/session-3.scope\n", "session-3.scope")]
    [InlineData("2:pids:/system.slice/web.service\n0::/\n", null)]
    [InlineData("2:cpu:/\n1:name=systemd:/\n0::/\n", null)]
    public void Unit_counts_in_the_hierarchies_of_systemd(string text, string? unit)
    {
        Assert.True(TryChoose(text, out CgroupChoice choice));
        Assert.Equal(unit, choice.Anchored.Place.Unit);
    }

    [Theory]
    [InlineData($"2:cpu:/docker/{A}\n1:memory:/docker/{B}\n")]
    [InlineData($"2:cpu:/docker/{A}\n1:name=systemd:/system.slice/docker-{A}.scope\n")]
    [InlineData($"1:name=systemd:/docker/{A}\n0::/system.slice/web.service\n")]
    [InlineData($"1:name=systemd:/system.slice/containerd.service\n0::/docker/{A}\n")]
    [InlineData($"1:name=systemd:{Manager}/user.slice/libpod-{A}.scope\n0::/system.slice/containerd.service\n")]
    [InlineData($"1:name=systemd:{Manager}/user.slice/libpod-{A}.scope\n0::/machine.slice/libpod-{A}.scope\n")]
    [InlineData($"1:name=systemd:/docker/{A}\n0::/docker/{B}\n")]
    [InlineData("1:name=systemd:/system.slice/web.service\n0::/system.slice/other.service\n")]
    [InlineData("2:pids:/system.slice/other.service\n0::/system.slice/web.service\n")]
    [InlineData($"1:name=systemd:{Manager}/app.slice/web.service\n0::{Manager}/app.slice/other.service\n")]
    [InlineData($"1:name=systemd:{Manager}/app.slice/web.service\n0::/user.slice/user-1777.slice/session-3.scope\n")]
    public void Lines_that_name_different_things_contradict(string text)
    {
        Assert.True(CgroupLines.TryParse(text, out ImmutableArray<CgroupLine> lines, out _, out _));
        Assert.False(CgroupChoice.TryChoose(lines, Layouts, out _, out string detail));
        Assert.Contains(" and ", detail, StringComparison.Ordinal);
    }

    /// <summary>A user to whom one hierarchy's <c>/bob</c> was delegated names what he likes in it: that is no layout.</summary>
    [Theory]
    [InlineData($"2:cpu:/bob/docker/{B}\n1:name=systemd:/docker/{A}\n", A)]
    [InlineData($"1:name=systemd:/docker/{A}\n0::/bob/docker/{B}\n", A)]
    [InlineData($"1:name=systemd:/\n0::/bob/docker/{B}\n", null)]
    public void Delegation_of_one_hierarchy_chooses_nothing(string text, string? id)
    {
        Assert.True(TryChoose(text, out CgroupChoice choice));
        Assert.Equal(id, choice.Anchored.Place.Container?.Id);
    }

    private static bool TryChoose(string text, out CgroupChoice choice)
    {
        Assert.True(CgroupLines.TryParse(text, out ImmutableArray<CgroupLine> lines, out _, out _));
        return CgroupChoice.TryChoose(lines, Layouts, out choice, out _);
    }
}
