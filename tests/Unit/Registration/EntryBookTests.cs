using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Tests.Unit.Registration;

public sealed class EntryBookTests
{
    private readonly EntryStore _store = new(new EntrySnapshot([OfFile("/file", "unix:uid:1")]));
    private readonly FakeArchive _archive = new();

    private EntryBook Book => new(_store, _archive, 100);

    [Fact]
    public void What_is_added_counts_at_once_and_is_kept_without_what_the_file_says()
    {
        Entry added = Given.Entry("/web", "unix:uid:2");

        EntryChange change = Book.Add([added]);

        Assert.Empty(change.Refusals);
        Assert.Same(added, Assert.Single(change.Entries));
        Assert.Equal(2, _store.Current.Count);
        Assert.Same(added, Assert.Single(_archive.Kept));
    }

    [Fact]
    public void All_that_stands_against_a_batch_is_named_and_nothing_of_it_counts()
    {
        EntryChange change = Book.Add([Given.Entry("/file", "unix:uid:1"), Given.Entry("/new", "unix:uid:2"), Given.Entry("/new", "unix:uid:2")]);

        Assert.Equal([EntryRefusalReason.Exists, EntryRefusalReason.Exists], change.Refusals.Select(r => r.Reason));
        Assert.Equal("/etc/agent.yaml:7", change.Refusals[0].Other!.Origin.ToString());
        Assert.Equal(1, _store.Current.Count);
        Assert.Equal(0, _archive.Writes);
    }

    [Fact]
    public void A_hint_that_one_caller_could_get_twice_is_refused()
    {
        Assert.Empty(Book.Add([Hinted("/a", "unix:uid:2"), Hinted("/b", "unix:uid:3")]).Refusals);

        EntryRefusal refusal = Assert.Single(Book.Add([Hinted("/c", "unix:gid:2")]).Refusals);

        Assert.Equal((EntryRefusalReason.HintTaken, "/c"), (refusal.Reason, refusal.Culprit!.Id.Text["spiffe://example.org".Length..]));
        Assert.NotNull(refusal.Other);
        Assert.Equal(3, _store.Current.Count);
    }

    [Fact]
    public void An_update_changes_what_counts_and_keeps_the_name_of_the_same_id_and_selectors()
    {
        string name = Book.Add([Given.Entry("/web", "unix:uid:2")]).Entries[0].Name;

        EntryChange change = Book.Update(name[..8], old => new Entry(old.Id, old.Selectors, old.Origin) { Priority = 7 });

        Assert.Equal((name, 7), (change.Entries[0].Name, change.Entries[0].Priority));
        Assert.Equal(7, _store.Current.Find(name)!.Priority);
        Assert.Equal(7, Assert.Single(_archive.Kept).Priority);
    }

    [Fact]
    public void An_update_to_what_another_entry_grants_is_refused()
    {
        Book.Add([Given.Entry("/a", "unix:uid:2"), Given.Entry("/b", "unix:uid:2")]);

        EntryChange change = Book.Update(Given.Entry("/a", "unix:uid:2").Name, _ => Given.Entry("/b", "unix:uid:2"));

        Assert.Equal(EntryRefusalReason.Exists, Assert.Single(change.Refusals).Reason);
    }

    [Fact]
    public void What_a_file_says_is_changed_in_the_file()
    {
        string name = _store.Current.Entries[0].Name;

        Assert.Equal(EntryRefusalReason.WrittenElsewhere, Assert.Single(Book.Update(name, old => old).Refusals).Reason);
        Assert.Equal(EntryRefusalReason.WrittenElsewhere, Assert.Single(Book.Remove([name]).Refusals).Reason);
        Assert.Equal(EntryRefusalReason.WrittenElsewhere, Assert.Single(Book.RemoveGrants(Given.Template("/file"), all: true).Refusals).Reason);
        Assert.Equal(1, _store.Current.Count);
    }

    [Fact]
    public void One_name_that_is_not_there_keeps_the_others()
    {
        string name = Book.Add([Given.Entry("/web", "unix:uid:2")]).Entries[0].Name;

        Assert.Equal(EntryRefusalReason.NotFound, Assert.Single(Book.Remove([name, "zzz"]).Refusals).Reason);
        Assert.Equal(EntryRefusalReason.NotFound, Assert.Single(Book.Remove([""]).Refusals).Reason);
        Assert.Equal(2, _store.Current.Count);
        Assert.Equal(name, Assert.Single(Book.Remove([name, name[..6]]).Entries).Name);
        Assert.Equal(1, _store.Current.Count);
    }

    [Fact]
    public void A_begin_that_several_names_share_is_refused()
    {
        Book.Add([.. Enumerable.Range(0, 17).Select(i => Given.Entry($"/n{i}", "unix:uid:2"))]); // 18 names, 16 first digits.
        string shared = _store.Current.Entries.GroupBy(e => e.Name[..1]).First(g => g.Count() > 1).Key;

        Assert.Equal(EntryRefusalReason.Ambiguous, Assert.Single(Book.Find(shared).Refusals).Reason);
    }

    [Fact]
    public void An_id_that_several_entries_grant_is_removed_when_all_are_meant()
    {
        Book.Add([Given.Entry("/web", "unix:uid:2"), Given.Entry("/web", "unix:uid:3")]);

        Assert.Equal([EntryRefusalReason.Ambiguous, EntryRefusalReason.Ambiguous], Book.RemoveGrants(Given.Template("/web"), all: false).Refusals.Select(r => r.Reason));
        Assert.Equal(2, Book.RemoveGrants(Given.Template("/web"), all: true).Entries.Length);
        Assert.Equal(EntryRefusalReason.NotFound, Assert.Single(Book.RemoveGrants(Given.Template("/web"), all: true).Refusals).Reason);
    }

    [Fact]
    public void No_more_are_given_than_the_limit_allows()
    {
        EntryBook book = new(_store, _archive, 2);
        Assert.Empty(book.Add([Given.Entry("/a", "unix:uid:2"), Given.Entry("/b", "unix:uid:2")]).Refusals);

        Assert.Equal(EntryRefusalReason.Full, Assert.Single(book.Add([Given.Entry("/c", "unix:uid:2")]).Refusals).Reason);
        Assert.Single(book.RemoveGrants(Given.Template("/a"), all: false).Entries);
        Assert.Empty(book.Add([Given.Entry("/c", "unix:uid:2")]).Refusals);
    }

    [Fact]
    public void What_cannot_be_kept_does_not_count()
    {
        _archive.Fault = "disk full";
        long before = _store.Version;

        EntryRefusal refusal = Assert.Single(Book.Add([Given.Entry("/web", "unix:uid:2")]).Refusals);

        Assert.Equal((EntryRefusalReason.NotKept, "disk full"), (refusal.Reason, refusal.Detail));
        Assert.Equal((1, before), (_store.Current.Count, _store.Version));
    }

    [Fact]
    public async Task Many_operators_at_once_lose_nothing()
    {
        EntryBook book = new(_store, _archive, 1_000);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(o => Task.Run(() =>
        {
            for (int i = 0; i < 25; i++)
            {
                Assert.Empty(book.Add([Given.Entry($"/o{o}/{i}", "unix:uid:2")]).Refusals);
                if (i % 5 == 0) Assert.Single(book.RemoveGrants(Given.Template($"/o{o}/{i}"), all: false).Entries);
            }
        })));

        Assert.Equal(1 + (8 * 20), _store.Current.Count);
        Assert.Equal(8 * 20, _archive.Kept.Count);
    }

    private static Entry OfFile(string id, string selector) => new(Given.Template(id), Given.Selectors(selector), EntryOrigin.File("/etc/agent.yaml", 7));

    private static Entry Hinted(string id, string selector) => new(Given.Template(id), Given.Selectors(selector), EntryOrigin.Admin) { Hint = "internal" };

    /// <summary>Remembers what it was given; refuses when it has a fault.</summary>
    private sealed class FakeArchive : IEntryArchive
    {
        public string Place => "memory of a test";

        public IReadOnlyList<Entry> Kept { get; private set; } = [];

        public int Writes { get; private set; }

        public string? Fault { get; set; }

        public void Write(IReadOnlyList<Entry> entries)
        {
            if (Fault is not null) throw new IOException(Fault);
            Kept = entries;
            Writes++;
        }
    }
}
