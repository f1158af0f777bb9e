using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Tests.Unit.Identity;

public class SelectorSetTests
{
    [Fact]
    public void Order_and_repeats_do_not_matter()
    {
        SelectorSet left = Of("unix:uid:1", "unix:gid:2", "unix:uid:1", "docker:label:a:b");
        SelectorSet right = Of("docker:label:a:b", "unix:gid:2", "unix:uid:1");
        Assert.Equal(left, right);
        Assert.Equal(left.GetHashCode(), right.GetHashCode());
        Assert.Equal("docker:label:a:b unix:gid:2 unix:uid:1", left.ToString());
    }

    [Fact]
    public void Subsets_are_told_from_others()
    {
        SelectorSet all = Of("a:1", "a:2", "b:1", "c:9");
        Assert.True(Of("a:1", "c:9").IsSubsetOf(all));
        Assert.True(SelectorSet.Empty.IsSubsetOf(all));
        Assert.True(all.IsSubsetOf(all));
        Assert.False(Of("a:1", "c:8").IsSubsetOf(all));
        Assert.False(Of("d:1").IsSubsetOf(all));
        Assert.False(all.IsSubsetOf(Of("a:1", "a:2", "b:1")));
        Assert.False(Of("a:1x").IsSubsetOf(all));
    }

    [Fact]
    public void Members_are_found_and_nothing_else()
    {
        SelectorSet set = Of("a:1", "b:2", "c:3");
        Assert.All(set, s => Assert.True(set.Contains(s)));
        Assert.False(set.Contains(new Selector("b", "3")));
        Assert.False(SelectorSet.Empty.Contains(new Selector("a", "1")));
        Assert.False(set.Contains(default));
    }

    private static SelectorSet Of(params string[] texts) => new(texts.Select(t =>
    {
        Assert.True(Selector.TryParse(t, out Selector selector, out _));
        return selector;
    }));
}
