namespace Spiffe.Agent.Residue.Places;

/// <summary>Counts the living once for all who ended meanwhile: reading all of /proc takes some ten milliseconds, and a busy machine ends hundreds of tasks in a second. Safe from many threads.</summary>
internal sealed class Census(TimeProvider time)
{
    private readonly Lock _gate = new(); // Guards both below; held while counting, so that those who wait share the result.
    private ProcessTable? _last;
    private long _takenAt;

    /// <summary>Who lived at a moment after this one, of the clock of uptime.</summary>
    public ProcessTable After(long endedAt)
    {
        lock (_gate)
        {
            if (_last is not null && _takenAt > endedAt) return _last;
            _takenAt = time.GetTimestamp();
            return _last = ProcessTable.Read();
        }
    }
}
