using System.Globalization;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Tests.Unit.Registration;

/// <summary>What a lookup costs, counted in entries that were looked at and not in time.</summary>
public sealed class LookupCostTests
{
    private const int Many = 100_000;

    [Fact]
    public void Entries_that_cannot_match_are_never_looked_at()
    {
        EntrySnapshot snapshot = new(Enumerable.Range(0, Many).Select(i => Given.Entry($"/w/{Text(i)}", $"unix:uid:{Text(i)}")));

        Assert.Single(snapshot.Match(Given.Selectors("unix:uid:77", "unix:gid:77", "unix:user:x"), out int inspected));
        Assert.Equal(1, inspected);
        Assert.Empty(snapshot.Match(Given.Selectors("unix:gid:77", "unix:user:x"), out inspected));
        Assert.Equal(0, inspected);
    }

    [Fact]
    public void A_selector_that_all_entries_share_costs_nothing()
    {
        EntrySnapshot snapshot = new(Enumerable.Range(0, Many).Select(i => Given.Entry($"/w/{Text(i)}", "unix:uid:1000", $"unix:path:/bin/{Text(i)}")));

        Assert.Single(snapshot.Match(Given.Selectors("unix:uid:1000", "unix:path:/bin/4711"), out int inspected));
        Assert.Equal(1, inspected);
        Assert.Empty(snapshot.Match(Given.Selectors("unix:uid:1000", "unix:path:/bin/none"), out inspected));
        Assert.Equal(0, inspected);
    }

    [Fact]
    public void Entries_of_a_grid_cost_one_line_of_it()
    {
        // 300 users × 300 programs: no selector is rare, and a caller still looks at no more than a line of each.
        EntrySnapshot snapshot = new(
            from user in Enumerable.Range(0, 300)
            from program in Enumerable.Range(0, 300)
            select Given.Entry($"/u/{Text(user)}/p/{Text(program)}", $"unix:uid:{Text(user)}", $"unix:path:/bin/{Text(program)}"));

        Assert.Single(snapshot.Match(Given.Selectors("unix:uid:5", "unix:path:/bin/9"), out int inspected));
        Assert.InRange(inspected, 1, 600);
    }

    [Fact]
    public void More_entries_for_others_change_no_lookup()
    {
        Entry mine = Given.Entry("/mine", "unix:uid:1", "unix:gid:1");
        IEnumerable<Entry> others = Enumerable.Range(2, 5_000).Select(i => Given.Entry($"/w/{Text(i)}", $"unix:uid:{Text(i)}", "unix:gid:1"));
        SelectorSet caller = Given.Selectors("unix:uid:1", "unix:gid:1");

        Assert.Single(new EntrySnapshot([mine]).Match(caller, out int alone));
        Assert.Single(new EntrySnapshot([mine, .. others]).Match(caller, out int among));
        Assert.Equal(alone, among);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
