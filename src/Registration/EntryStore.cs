namespace Spiffe.Agent.Registration;

/// <summary>Holds the current <see cref="EntrySnapshot"/> and says when another takes its place. Readers never lock.</summary>
public sealed class EntryStore
{
    private readonly Lock _replacing = new(); // Guards the order of versions.
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
        Generation old;
        lock (_replacing)
        {
            old = _generation;
            _generation = new Generation(snapshot, old.Version + 1);
        }

        old.Superseded.SetResult();
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
