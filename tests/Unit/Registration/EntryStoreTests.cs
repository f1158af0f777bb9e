using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Tests.Unit.Registration;

public sealed class EntryStoreTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly EntryStore _store = new(EntrySnapshot.Empty);

    [Fact]
    public void A_replaced_snapshot_is_current_at_once_under_a_new_version()
    {
        long before = _store.Version;
        EntrySnapshot next = new([Given.Entry("/web", "unix:uid:1")]);

        _store.Replace(next);

        Assert.Same(next, _store.Current);
        Assert.Equal(before + 1, _store.Version);
    }

    [Fact]
    public async Task Everybody_who_waits_is_woken_by_one_change()
    {
        long seen = _store.Version;
        Task<long>[] waiting = [.. Enumerable.Range(0, 1_000).Select(_ => _store.WaitForChangeAsync(seen, CancellationToken.None))];
        Assert.All(waiting, w => Assert.False(w.IsCompleted));

        _store.Replace(EntrySnapshot.Empty);

        Assert.All(await Task.WhenAll(waiting).WaitAsync(Patience), version => Assert.Equal(seen + 1, version));
    }

    [Fact]
    public async Task A_change_that_came_before_the_waiting_is_not_missed()
    {
        long seen = _store.Version;
        _store.Replace(EntrySnapshot.Empty);

        Assert.Equal(seen + 1, await _store.WaitForChangeAsync(seen, CancellationToken.None).WaitAsync(Patience));
    }

    [Fact]
    public async Task Who_gives_up_waiting_disturbs_nobody_else()
    {
        using CancellationTokenSource impatient = new();
        Task<long> gone = _store.WaitForChangeAsync(_store.Version, impatient.Token);
        Task<long> patient = _store.WaitForChangeAsync(_store.Version, CancellationToken.None);

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        _store.Replace(EntrySnapshot.Empty);

        Assert.Equal(_store.Version, await patient.WaitAsync(Patience));
    }

    [Fact]
    public void A_change_that_changes_nothing_or_fails_leaves_everything_as_it_was()
    {
        (EntrySnapshot before, long version) = (_store.Current, _store.Version);

        Assert.False(_store.Change(_ => null));
        Assert.Throws<InvalidOperationException>(() => _store.Change(_ => throw new InvalidOperationException()));

        Assert.Same(before, _store.Current);
        Assert.Equal(version, _store.Version);
        Assert.True(_store.Change(_ => EntrySnapshot.Empty));
    }

    [Fact]
    public async Task Versions_count_every_replacement_of_many_threads()
    {
        long before = _store.Version;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 500; i++) _store.Replace(EntrySnapshot.Empty);
        })));

        Assert.Equal(before + 4_000, _store.Version);
    }
}
