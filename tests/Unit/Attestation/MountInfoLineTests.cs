using Spiffe.Agent.Attestation.Proc;

namespace Spiffe.Agent.Tests.Unit.Attestation;

public sealed class MountInfoLineTests
{
    [Theory]
    [InlineData("41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw", "/", "/sys/fs/cgroup/unified", "cgroup2", "rw")]
    [InlineData("40 31 0:37 / /sys/fs/cgroup/systemd rw shared:9 - cgroup cgroup rw,xattr,name=systemd", "/", "/sys/fs/cgroup/systemd", "cgroup", "rw,xattr,name=systemd")]
    [InlineData("41 31 0:38 /../.. /host/cgroup rw shared:9 master:3 - cgroup2 cgroup2 rw", "/../..", "/host/cgroup", "cgroup2", "rw")]
    [InlineData(@"41 31 0:38 / /a\040b\134\011 rw - tmpfs none rw", "/", "/a b\\\t", "tmpfs", "rw")]
    public void Line_of_a_kernel_is_read(string line, string root, string point, string type, string options)
    {
        Assert.True(MountInfoLine.TryParse(line, out MountInfoLine mount));
        Assert.Equal((root, point, type, options), (mount.Root, mount.Point, mount.Type, mount.Options));
        Assert.Equal(line[..2], mount.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x 31 0:38 / /a rw - cgroup2 cgroup2 rw")]
    [InlineData("41 31 0:38 / /a rw cgroup2 cgroup2 rw more")]
    [InlineData("41 31 0:38 / /a rw - cgroup2 cgroup2")]
    [InlineData("41 31 0:38 / /a rw - cgroup2 cgroup2 rw more")]
    public void Anything_else_is_no_mount(string line) => Assert.False(MountInfoLine.TryParse(line, out _));
}
