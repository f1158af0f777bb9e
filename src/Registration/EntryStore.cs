namespace Spiffe.Agent.Registration;

/// <summary>Holds the current <see cref="EntrySnapshot"/> and says when another takes its place. Readers never lock.</summary>
public sealed class EntryStore
{
    private readonly Lock _replacing = new(); // Guards the order of versions, and that no change is built on a snapshot that is not current any more.
    private volatile Generation _generation;

    public EntryStore(EntrySnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        _generation = new Generation(snapshot, 1);
    }

    /// <summary>The entries that count now.</summary>
    public EntrySnapshot Current => _generation.Snapshot;

    /// <summary>Counts snapshots, from 1, upwards. Read it before <see cref="Current"/>: then waiting for it to pass misses no change.</summary>
    public long Version => _generation.Version;

    /// <summary>Puts another snapshot in place, whole, and wakes everybody who waits.</summary>
    public void Replace(EntrySnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        Change(_ => snapshot);
    }

    /// <summary>Puts in place what <paramref name="change"/> makes of the current snapshot. Changes come one after the other, so two at once lose nothing of each other.</summary>
    /// <param name="change">Null leaves everything as it is, and so does an exception, which is thrown on. Must not change this store itself.</param>
    /// <returns>Whether there was a change.</returns>
    public bool Change(Func<EntrySnapshot, EntrySnapshot?> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        Generation old;
        lock (_replacing)
        {
            old = _generation;
            if (change(old.Snapshot) is not { } next) return false;
            _generation = new Generation(next, old.Version + 1);
        }

        old.Superseded.SetResult();
        return true;
    }

    /// <summary>Completes when <see cref="Version"/> is greater than <paramref name="seen"/>: at once, or with the next <see cref="Replace"/>.</summary>
    /// <returns>The version that is current then.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public async Task<long> WaitForChangeAsync(long seen, CancellationToken cancellationToken)
    {
        Generation now = _generation;
        while (now.Version <= seen)
        {
            await now.Superseded.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            now = _generation;
        }

        return now.Version;
    }

    private sealed class Generation(EntrySnapshot snapshot, long version)
    {
        public EntrySnapshot Snapshot => snapshot;

        public long Version => version;

        /// <summary>Continuations run elsewhere: whoever replaces does not pay for those who wait.</summary>
        public TaskCompletionSource Superseded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
