namespace Spiffe.Agent.Issuance.Subjects;

/// <summary>
/// The assertions of one issuer that were used and could still be presented. Each is taken once, by one caller of however many come at once; a full memory
/// takes none; and what was forgotten because its time was over stays refused when the clock is set back.
/// </summary>
internal sealed class SpentAssertions(int capacity)
{
    private readonly Lock _lock = new(); // Guards what follows.
    private readonly HashSet<(UInt128, UInt128)> _spent = [];
    private readonly PriorityQueue<(UInt128, UInt128), DateTimeOffset> _byEnd = new();
    private DateTimeOffset _forgotten = DateTimeOffset.MinValue;

    public int Count
    {
        get
        {
            lock (_lock) return _spent.Count;
        }
    }

    /// <summary>Takes it, or says why it is not to be taken.</summary>
    /// <param name="digest">Which it is: SHA-256, as two halves.</param>
    /// <param name="until">From when on its age alone refuses it.</param>
    /// <param name="now">The time by the wall clock.</param>
    public SubjectRefusal TrySpend((UInt128, UInt128) digest, DateTimeOffset until, DateTimeOffset now)
    {
        lock (_lock)
        {
            Forget(now);
            if (until <= _forgotten) return SubjectRefusal.Expired;
            if (_spent.Contains(digest)) return SubjectRefusal.Replayed;
            if (_spent.Count >= capacity) return SubjectRefusal.MemoryFull;
            _spent.Add(digest);
            _byEnd.Enqueue(digest, until);
            return SubjectRefusal.None;
        }
    }

    private void Forget(DateTimeOffset now)
    {
        while (_byEnd.TryPeek(out (UInt128, UInt128) digest, out DateTimeOffset until) && until <= now)
        {
            _byEnd.Dequeue();
            _spent.Remove(digest);
            if (until > _forgotten) _forgotten = until;
        }
    }
}
