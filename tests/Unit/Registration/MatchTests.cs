using Spiffe.Agent.Identity;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Tests.Unit.Registration;

public sealed class MatchTests
{
    [Fact]
    public void All_selectors_of_an_entry_must_hold()
    {
        EntrySnapshot snapshot = new([Given.Entry("/web", "unix:uid:1", "unix:gid:2")]);

        Assert.Equal(["/web"], Given.Ids(snapshot.Match(Given.Selectors("unix:uid:1", "unix:gid:2", "unix:user:x"))));
        Assert.Empty(snapshot.Match(Given.Selectors("unix:uid:1", "unix:user:x")));
    }

    [Fact]
    public void A_caller_without_selectors_earns_nothing() => Assert.Empty(new EntrySnapshot([Given.Entry("/web", "unix:uid:1")]).Match(SelectorSet.Empty));

    [Fact]
    public void An_entry_without_selectors_cannot_be_made() => Assert.Throws<ArgumentException>(() => Given.Entry("/web"));

    [Fact]
    public void Selectors_differ_by_letter_case() => Assert.Empty(new EntrySnapshot([Given.Entry("/web", "unix:user:Web")]).Match(Given.Selectors("unix:user:web")));

    [Fact]
    public void Higher_priority_comes_first_then_most_selectors_then_the_id()
    {
        EntrySnapshot snapshot = new(
        [
            Given.Entry("/c", "unix:uid:1"), Given.Entry("/b", "unix:uid:1"), Given.Entry("/B", "unix:uid:1"),
            Given.Entry("/two", "unix:uid:1", "unix:gid:1"), Given.Entry("/first", 5, "unix:uid:1"), Given.Entry("/last", -1, "unix:uid:1", "unix:gid:1"),
        ]);

        Assert.Equal(["/first", "/two", "/B", "/b", "/c", "/last"], Given.Ids(snapshot.Match(Given.Selectors("unix:uid:1", "unix:gid:1"))));
    }

    [Fact]
    public void The_order_follows_the_ids_that_placeholders_become()
    {
        EntrySnapshot snapshot = new([Given.Entry("/x/{unix:user}", "unix:uid:1"), Given.Entry("/x/m", "unix:uid:1")]);

        Assert.Equal(["/x/a", "/x/m"], Given.Ids(snapshot.Match(Given.Selectors("unix:uid:1", "unix:user:a"))));
        Assert.Equal(["/x/m", "/x/z"], Given.Ids(snapshot.Match(Given.Selectors("unix:uid:1", "unix:user:z"))));
    }

    [Fact]
    public void The_same_id_may_be_earned_twice_by_different_selectors()
    {
        EntrySnapshot snapshot = new([Given.Entry("/web", "unix:uid:1"), Given.Entry("/web", "unix:gid:1")]);

        Assert.Equal(["/web", "/web"], Given.Ids(snapshot.Match(Given.Selectors("unix:uid:1", "unix:gid:1"))));
    }

    [Fact]
    public void The_same_grant_to_the_same_selectors_is_refused_twice() =>
        Assert.Throws<ArgumentException>(() => new EntrySnapshot([Given.Entry("/web", "unix:uid:1", "unix:gid:1"), Given.Entry("/web", 3, "unix:gid:1", "unix:uid:1")]));

    [Fact]
    public void Nothing_earned_allocates_nothing()
    {
        EntrySnapshot snapshot = new([Given.Entry("/web", "unix:uid:1", "unix:gid:1")]);
        SelectorSet caller = Given.Selectors("unix:uid:2", "unix:gid:1", "unix:user:x");
        Assert.Empty(snapshot.Match(caller));

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) _ = snapshot.Match(caller);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Kinds_are_those_of_selectors_and_of_placeholders()
    {
        SelectorKinds kinds = new EntrySnapshot([Given.Entry("/user/{unix:user}", "unix:uid:1", "docker:label:a:b")]).Kinds;

        Assert.True(kinds.Contains("unix", "uid"));
        Assert.True(kinds.Contains("unix", "user"));
        Assert.True(kinds.Contains("docker", "label"));
        Assert.False(kinds.Contains("unix", "sha256"));
    }

    [Fact]
    public void A_name_follows_from_id_and_selectors_alone()
    {
        Entry entry = Given.Entry("/web", "unix:uid:1", "unix:gid:1");

        Assert.Equal(entry.Name, Given.Entry("/web", 7, "unix:gid:1", "unix:uid:1").Name);
        Assert.NotEqual(entry.Name, Given.Entry("/web", "unix:uid:1").Name);
        Assert.NotEqual(entry.Name, Given.Entry("/web2", "unix:uid:1", "unix:gid:1").Name);
        Assert.Matches("^[0-9a-f]{20}$", entry.Name);
        Assert.Same(entry, new EntrySnapshot([entry]).Find(entry.Name));
        Assert.Null(EntrySnapshot.Empty.Find(entry.Name));
    }
}
