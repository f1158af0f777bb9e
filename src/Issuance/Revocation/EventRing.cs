namespace Spiffe.Agent.Issuance.Revocation;

/// <summary>The last events, in order. Bounded by their number and by the credentials in them; the oldest go first.</summary>
internal sealed class EventRing
{
    /// <summary>Events kept. Ours: minutes of a busy node.</summary>
    public const int MaxEvents = 4096;

    /// <summary>Credentials in them all. Ours: half of what the ledger holds.</summary>
    public const int MaxCredentials = 128 * 1024;

    private readonly RevocationEvent?[] _events = new RevocationEvent?[MaxEvents];
    private long _oldest = 1;
    private int _credentials;

    /// <summary>The last event's number; 0 when there was none.</summary>
    public long Last { get; private set; }

    public void Add(RevocationEvent next)
    {
        if (next.Sequence != Last + 1) throw new ArgumentException("an event out of order", nameof(next));
        while (Last - _oldest + 1 >= MaxEvents || (_credentials > 0 && _credentials + next.Credentials.Length > MaxCredentials)) DropOldest();
        Last = next.Sequence;
        _events[Last % MaxEvents] = next;
        _credentials += next.Credentials.Length;
    }

    /// <summary>Whether everything after <paramref name="sequence"/> is still here.</summary>
    public bool HasAllAfter(long sequence) => sequence >= _oldest - 1 && sequence <= Last;

    public RevocationEvent this[long sequence] => _events[sequence % MaxEvents]!;

    private void DropOldest()
    {
        ref RevocationEvent? oldest = ref _events[_oldest % MaxEvents];
        _credentials -= oldest!.Credentials.Length;
        oldest = null;
        _oldest++;
    }
}
