namespace Spiffe.Agent.Issuance.Admission;

/// <summary>What is believed of one caller now, for all of its streams: the outcome of the attestation that was begun last.</summary>
internal sealed class Belief
{
    private readonly Lock _gate = new(); // Guards the tickets and the order in which standings are set.
    private long _lastTicket;
    private long _settledBy;
    private volatile Standing? _standing;

    /// <summary>Null before the first attestation has ended.</summary>
    public Standing? Standing => _standing;

    /// <summary>Raised when <see cref="Standing"/> says something else than before, or the caller's tasks are others.</summary>
    public ChangeSignal Changed { get; } = new();

    /// <summary>An attestation begins. Its ticket says how new its evidence is.</summary>
    public long Begin() => Interlocked.Increment(ref _lastTicket);

    /// <summary>It has ended. False when a later one has ended before, whose evidence is newer.</summary>
    /// <param name="ticket">What <see cref="Begin"/> gave.</param>
    /// <param name="standing">What came of it.</param>
    /// <param name="before">What was believed until now, when that is something else; null when nothing has changed.</param>
    public bool Settle(long ticket, Standing standing, out Standing? before)
    {
        lock (_gate)
        {
            before = null;
            if (ticket < _settledBy) return false;
            _settledBy = ticket;
            if (_standing is { } last && standing.EarnsAsMuchAs(last)) return true;
            before = _standing;
            _standing = standing;
        }

        if (before is not null) Changed.Raise();
        return true;
    }
}
