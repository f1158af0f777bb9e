using System.Collections.Immutable;
using Spiffe.Agent.Attestation;
using Spiffe.Agent.Attestation.Cgroups;

namespace Spiffe.Agent.Tests.Unit.Attestation.Cgroups;

/// <summary>The grammar of /proc/PID/cgroup.</summary>
public sealed class CgroupLinesTests
{
    [Theory]
    [InlineData("0::/\n", 1)]
    [InlineData("0::/system.slice/web.service\n", 1)]
    [InlineData("0::/a:b/c: d\n", 1)]
    [InlineData("1:name=systemd:/\n", 1)]
    [InlineData("9:name=systemd:/\n8:pids:/\n7:blkio:/\n4:memory:/a/b\n2:cpu,cpuacct:/\n0::/x\n", 6)]
    public void Text_of_a_kernel_is_read_line_by_line(string text, int count)
    {
        Assert.True(CgroupLines.TryParse(text, out ImmutableArray<CgroupLine> lines, out _, out _));
        Assert.Equal(count, lines.Length);
        Assert.Equal(text, string.Concat(lines.Select(line => line + "\n")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("0::/")]
    [InlineData("0::/\n\n")]
    [InlineData("0::/\n0::/\n")]
    [InlineData("0::/a\n1:cpu:/\n1:pids:/\n")]
    [InlineData("2:cpu:/\n1:cpu:/\n")]
    [InlineData("2:cpu,cpuacct:/\n1:cpuacct:/\n")]
    [InlineData("0:cpu:/\n")]
    [InlineData("1::/\n")]
    [InlineData("01:cpu:/\n")]
    [InlineData("4\0:cpu:/\n")]
    [InlineData("-1:cpu:/\n")]
    [InlineData("+0::/\n")]
    [InlineData(" 0::/\n")]
    [InlineData("0:/\n")]
    [InlineData("0::\n")]
    [InlineData("0::a\n")]
    [InlineData("0:://\n")]
    [InlineData("0::/a/\n")]
    [InlineData("0::/a//b\n")]
    [InlineData("0::/a/./b\n")]
    [InlineData("0::/a/../b\n")]
    [InlineData("0::/../a/..\n")]
    [InlineData("0::/a\rb\n")]
    [InlineData("0::/a\u0085b\n")]
    [InlineData("1:cpu,:/\n")]
    [InlineData("1:,cpu:/\n")]
    [InlineData("1:c pu:/\n")]
    [InlineData("99999999999:cpu:/\n")]
    public void Anything_else_is_ambiguous(string text)
    {
        Assert.False(CgroupLines.TryParse(text, out _, out EvidenceRefusal reason, out string detail));
        Assert.Equal(EvidenceRefusal.CgroupAmbiguous, reason);
        Assert.NotEmpty(detail);
    }

    [Theory]
    [InlineData("0::/system.slice/web.service (deleted)\n")]
    [InlineData("1:cpu:/x (deleted)\n0::/\n")]
    [InlineData("0::/../x (deleted)\n")]
    public void Removed_cgroup_is_refused_whatever_it_was_called(string text)
    {
        Assert.False(CgroupLines.TryParse(text, out _, out EvidenceRefusal reason, out _));
        Assert.Equal(EvidenceRefusal.CgroupDeleted, reason);
    }

    [Theory]
    [InlineData("/..", true)]
    [InlineData("/../../x", true)]
    [InlineData("/..x", false)]
    [InlineData("/", false)]
    public void Path_out_of_view_is_known(string path, bool isOutOfView)
    {
        Assert.True(CgroupLines.TryParse($"0::{path}\n", out ImmutableArray<CgroupLine> lines, out _, out _));
        Assert.Equal(isOutOfView, lines[0].IsOutOfView);
    }

    [Fact]
    public void Text_without_end_is_refused()
    {
        Assert.False(CgroupLines.TryParse($"0::/{new string('a', CgroupLines.MaxLength)}\n", out _, out _, out _));
        Assert.False(CgroupLines.TryParse(string.Concat(Enumerable.Range(1, CgroupLines.MaxLines + 1).Select(i => $"{i}:c{i}:/\n")), out _, out _, out _));
    }
}
