namespace Spiffe.Agent.Issuance.Revocation;

/// <summary>What is to be forgotten, by the second of uptime in which it is: a set clock moves none of it. Adding and taking cost the same however many there are.</summary>
internal sealed class ExpiryBuckets
{
    private readonly Dictionary<long, List<LedgerEntry>> _bySecond = [];
    private long _takenThrough;

    public void Add(LedgerEntry entry, long second)
    {
        long at = Math.Max(second, _takenThrough + 1);
        if (!_bySecond.TryGetValue(at, out List<LedgerEntry>? bucket)) _bySecond[at] = bucket = [];
        bucket.Add(entry);
    }

    /// <summary>Takes out everything that is due by then.</summary>
    public IEnumerable<LedgerEntry> Take(long second)
    {
        if (_bySecond.Count == 0) _takenThrough = Math.Max(_takenThrough, second);
        while (_takenThrough < second)
        {
            _takenThrough++;
            if (!_bySecond.Remove(_takenThrough, out List<LedgerEntry>? bucket)) continue;
            foreach (LedgerEntry entry in bucket) yield return entry;
        }
    }
}
