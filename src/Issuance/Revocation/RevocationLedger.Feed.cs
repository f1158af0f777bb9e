using System.Collections.Immutable;

namespace Spiffe.Agent.Issuance.Revocation;

/// <content>The feed: what happened, in order, for readers that come back.</content>
public sealed partial class RevocationLedger
{
    /// <summary>Most events of one page. Ours.</summary>
    public const int MaxPageEvents = 256;

    private readonly EventRing _events = new(); // Guarded by _gate, as what is below.
    private ImmutableArray<RevokedCredential> _standing = [];
    private long _standingAt;

    /// <summary>This run of the daemon. The ledger is not kept over a restart: the keys that signed are gone with it.</summary>
    public Guid Epoch { get; } = Guid.NewGuid();

    /// <summary>The last event's number; 0 when there was none.</summary>
    public long LastSequence
    {
        get
        {
            lock (_gate) return _events.Last;
        }
    }

    /// <summary>What came after a cursor. Empty when nothing did: then wait for <see cref="Changed"/>, taken before asking.</summary>
    /// <remarks>A cursor of this run that is behind gets the same events again; one that is too old, of another run, or ahead of everything that happened gets a reset.</remarks>
    public RevocationPage Read(RevocationCursor cursor)
    {
        lock (_gate)
        {
            if (cursor.Epoch != Epoch || !_events.HasAllAfter(cursor.Sequence)) return new RevocationPage(IsReset: true, Standing(), [], new RevocationCursor(Epoch, _events.Last));
            long last = Math.Min(_events.Last, cursor.Sequence + MaxPageEvents);
            ImmutableArray<RevocationEvent>.Builder events = ImmutableArray.CreateBuilder<RevocationEvent>((int)(last - cursor.Sequence));
            for (long at = cursor.Sequence + 1; at <= last; at++) events.Add(_events[at]);
            return new RevocationPage(IsReset: false, [], events.MoveToImmutable(), new RevocationCursor(Epoch, last));
        }
    }

    // Put together once for each event, however many ask.
    private ImmutableArray<RevokedCredential> Standing()
    {
        if (_standingAt == _events.Last) return _standing;
        _standing = [.. _dead.Select(e => e.Describe())];
        _standingAt = _events.Last;
        return _standing;
    }
}
