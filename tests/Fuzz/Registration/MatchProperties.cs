using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Tests.Fuzz.Registration;

/// <summary>The index gives what reading every entry would give.</summary>
public sealed class MatchProperties
{
    private static readonly TrustDomain Domain = TrustDomain.Parse("example.org");

    /// <summary>Few values, so that entries and callers often share them.</summary>
    private static Gen<Selector> Selectors =>
        from key in Gen.Elements("uid", "gid", "user")
        from value in Gen.Choose(0, 4)
        select new Selector("unix", $"{key}:{value.ToString(CultureInfo.InvariantCulture)}");

    private static Gen<SelectorSet> Callers => Selectors.ListOf().Select(list => new SelectorSet(list));

    private static Gen<Entry> Entries =>
        from id in Gen.Elements("/a", "/b", "/c/{unix:user}", "/d/{unix:gid}/e")
        from selectors in Selectors.NonEmptyListOf()
        from priority in Gen.Choose(-1, 1)
        select new Entry(Template(id), new SelectorSet(selectors), EntryOrigin.Admin) { Priority = priority };

    private static Gen<List<Entry>> EntryLists => Entries.ListOf().Select(list => list.DistinctBy(e => (e.Id, e.Selectors)).ToList());

    [Fact]
    public void Match_gives_what_a_walk_over_all_entries_gives() =>
        Prop.ForAll(EntryLists.ToArbitrary(), Callers.ToArbitrary(), (entries, caller) =>
        {
            IEnumerable<(Entry, SpiffeId)> naive =
                from entry in entries
                where entry.Selectors.IsSubsetOf(caller)
                let id = entry.Id.TryResolve(caller, out SpiffeId? resolved, out _) ? resolved : null
                where id is not null
                orderby entry.Priority descending, entry.Selectors.Count descending
                select (entry, id);

            Grant[] grants = [.. new EntrySnapshot(entries).Match(caller)];

            Assert.Equal(naive.ToHashSet(), grants.Select(g => (g.Entry, g.Id)).ToHashSet());
            Assert.Equal(grants.Length, grants.Distinct().Count());
            Assert.Equal(naive.Select(n => (n.Item1.Priority, n.Item1.Selectors.Count)), grants.Select(g => (g.Entry.Priority, g.Entry.Selectors.Count)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void What_is_not_known_might_match_exactly_when_an_entry_would_with_it() =>
        Prop.ForAll(EntryLists.ToArbitrary(), Callers.ToArbitrary(), (entries, caller) =>
        {
            // Of the type "open" nothing is known: every "gid" of the entries is made one of its selectors.
            Entry[] some = [.. entries.Select(e => new Entry(e.Id, new SelectorSet(e.Selectors.Select(Hide)), EntryOrigin.Admin)).DistinctBy(e => (e.Id, e.Selectors))];
            bool naive = some.Any(e => e.Selectors.Any(s => s.Type == "open")
                && e.Selectors.All(s => s.Type == "open" || caller.Contains(s)) && e.Id.Placeholders.All(p => p.TryGetSingle(caller, out _)));

            Assert.Equal(naive, new EntrySnapshot(some).MightMatch(caller, "open", ["open"]));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    private static Selector Hide(Selector selector) => selector.Value.StartsWith("gid", StringComparison.Ordinal) ? new Selector("open", selector.Value) : selector;

    [Fact]
    public void The_order_of_writing_changes_nothing() =>
        Prop.ForAll(EntryLists.ToArbitrary(), Callers.ToArbitrary(), Gen.Choose(0, 100).ToArbitrary(), (entries, caller, turn) =>
        {
            List<Entry> turned = [.. entries.Skip(turn % (entries.Count + 1)).Reverse(), .. entries.Take(turn % (entries.Count + 1))];
            EntrySnapshot one = new(entries);
            EntrySnapshot other = new(turned);

            Assert.Equal(one.Entries.ToArray(), other.Entries.ToArray());
            Assert.Equal(one.Match(caller).ToArray(), other.Match(caller).ToArray());
            Assert.Equal(one.NearMisses(caller, 5).ToArray(), other.NearMisses(caller, 5).ToArray());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Each_entry_is_looked_at_once_at_most() =>
        Prop.ForAll(EntryLists.ToArbitrary(), Callers.ToArbitrary(), (entries, caller) =>
        {
            int matches = new EntrySnapshot(entries).Match(caller, out int inspected).Length;

            Assert.InRange(inspected, matches, entries.Count);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Different_values_never_become_one_id() =>
        Prop.ForAll(Texts.Two().Two().ToArbitrary(), pairs =>
        {
            ((string a, string b), (string c, string d)) = pairs;
            IdTemplate template = Template("/x/{unix:user}/{unix:group}");
            bool first = template.TryResolve(new SelectorSet([new("unix", "user:" + a), new("unix", "group:" + b)]), out SpiffeId? one, out _);
            bool second = template.TryResolve(new SelectorSet([new("unix", "user:" + c), new("unix", "group:" + d)]), out SpiffeId? other, out _);

            Assert.True(!first || !second || one!.Equals(other) == (a == c && b == d));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void Every_text_is_a_template_or_has_a_reason() =>
        Prop.ForAll(Gen.Elements("/", "{", "}", ":", "unix", "user", "agent", ".", "..", "%", "spiffe://", "example.org", "é", "\0", " ").ListOf().Select(string.Concat).ToArbitrary(), text =>
        {
            bool good = IdTemplate.TryParse(text, Domain, out IdTemplate? template, out string? fault);

            Assert.Equal(good, fault is null);
            if (good) Assert.True(IdTemplate.TryParse(template!.Text, Domain, out IdTemplate? again, out _) && again.Equals(template));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    private static Gen<string> Texts => Gen.Elements('a', 'b', '/', '.', '-', '_', '%', 'é').ListOf().Select(list => string.Concat(list));

    private static IdTemplate Template(string text) => IdTemplate.TryParse(text, Domain, out IdTemplate? template, out string? fault) ? template : throw new ArgumentException(fault);
}
