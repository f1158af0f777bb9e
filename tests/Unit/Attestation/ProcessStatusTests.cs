using System.Text;
using Spiffe.Agent.Attestation.Proc;

namespace Spiffe.Agent.Tests.Unit.Attestation;

public sealed class ProcessStatusTests
{
    private const string Good = "Name:\ta\\nUid:\t0\t0\t0\t0\nState:\tS (sleeping)\nTgid:\t77\nPid:\t77\nUid:\t1000\t1001\t1002\t1003\nGid:\t5\t6\t7\t8\nGroups:\t4 24 27 \nNSpid:\t77\t3\n";

    [Fact]
    public void Effective_ids_groups_and_depth_are_read()
    {
        byte[] text = Encoding.UTF8.GetBytes(Good);
        Assert.True(ProcessStatus.TryParse(text, out ProcessStatus status));
        Assert.Equal((77, 77, (byte)'S', 1001u, 6u, 2), (status.ThreadGroupId, status.ProcessId, status.State, status.EffectiveUserId, status.EffectiveGroupId, status.NamespaceDepth));

        ReadOnlySpan<byte> list = text.AsSpan(status.Groups);
        List<uint> groups = [];
        while (ProcessStatus.TryTakeNumber(ref list, out uint gid)) groups.Add(gid);
        Assert.Equal([4, 24, 27], groups);
    }

    [Fact]
    public void Line_that_occurs_twice_is_refused() => Assert.False(ProcessStatus.TryParse(Encoding.UTF8.GetBytes(Good + "Uid:\t0\t0\t0\t0\n"), out _));

    [Theory]
    [InlineData("Tgid:")]
    [InlineData("Pid:")]
    [InlineData("State:")]
    [InlineData("Gid:")]
    [InlineData("Groups:")]
    public void Line_that_is_missing_is_refused(string key)
    {
        string without = string.Join('\n', Good.Split('\n').Where(line => !line.StartsWith(key, StringComparison.Ordinal)));
        Assert.False(ProcessStatus.TryParse(Encoding.UTF8.GetBytes(without), out _));
    }

    [Fact]
    public void Text_that_is_cut_off_is_refused() => Assert.False(ProcessStatus.TryParse(Encoding.UTF8.GetBytes(Good[..^1]), out _));
}
