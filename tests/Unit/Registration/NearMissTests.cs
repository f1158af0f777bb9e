using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Tests.Unit.Registration;

public sealed class NearMissTests
{
    [Fact]
    public void An_entry_that_lacks_one_selector_is_named_with_it()
    {
        EntrySnapshot snapshot = new([Given.Entry("/near", "unix:uid:1", "unix:gid:2"), Given.Entry("/far", "unix:uid:8", "unix:gid:9"), Given.Entry("/hit", "unix:uid:1")]);

        NearMiss miss = Assert.Single(snapshot.NearMisses(Given.Selectors("unix:uid:1", "unix:gid:3"), 10));
        Assert.Equal("spiffe://example.org/near", miss.Entry.Id.Text);
        Assert.Equal("unix:gid:2", miss.Missing.ToString());
    }

    [Fact]
    public void A_placeholder_without_a_value_is_named_by_its_kind()
    {
        EntrySnapshot snapshot = new([Given.Entry("/user/{unix:user}", "unix:uid:1")]);

        Assert.Equal("unix:user", Assert.Single(snapshot.NearMisses(Given.Selectors("unix:uid:1"), 10)).Missing.ToString());
    }

    [Fact]
    public void No_more_are_named_than_were_asked_for()
    {
        EntrySnapshot snapshot = new([Given.Entry("/a", "unix:uid:1"), Given.Entry("/b", "unix:uid:2"), Given.Entry("/c", "unix:uid:3")]);

        Assert.Equal(["/a", "/b"], snapshot.NearMisses(Given.Selectors("unix:uid:9"), 2).Select(m => m.Entry.Id.Text["spiffe://example.org".Length..]));
        Assert.Empty(snapshot.NearMisses(Given.Selectors("unix:uid:9"), 0));
    }
}
