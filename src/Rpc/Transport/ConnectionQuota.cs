using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Spiffe.Agent.Rpc.Transport;

/// <summary>Places for connections, in all and per user, and the counters of who was turned away.</summary>
internal sealed class ConnectionQuota(int maxConnections, int maxPerUser)
{
    private readonly Lock _lock = new(); // guards all below
    private readonly Dictionary<uint, int> _perUser = [];
    private readonly long[] _rejected = new long[Enum.GetValues<PeerRejection>().Length];
    private int _open;
    private long _accepted;

    /// <summary>Takes a place; <see cref="Give"/> returns it.</summary>
    internal bool TryTake(uint user, [NotNullWhen(false)] out PeerRejection? reason)
    {
        lock (_lock)
        {
            int ofUser = _perUser.GetValueOrDefault(user);
            reason = _open >= maxConnections ? PeerRejection.TooManyConnections : ofUser >= maxPerUser ? PeerRejection.TooManyOfUser : null;
            if (reason is not null) return false;
            _perUser[user] = ofUser + 1;
            _open++;
            return true;
        }
    }

    internal void Give(uint user)
    {
        lock (_lock)
        {
            _open--;
            if (--_perUser[user] == 0) _perUser.Remove(user);
        }
    }

    internal void CountAccepted() => Interlocked.Increment(ref _accepted);

    /// <summary>Counts; true for the 1st, 2nd, 4th, 8th … of a kind, which are worth a line in the log: who is turned away in a flood must not fill the disk.</summary>
    internal bool CountRejected(PeerRejection reason) => BitOperations.IsPow2(Interlocked.Increment(ref _rejected[(int)reason]));

    internal UnixTransportSnapshot Snapshot()
    {
        FrozenDictionary<PeerRejection, long> rejected =
            Enum.GetValues<PeerRejection>().ToFrozenDictionary(reason => reason, reason => Interlocked.Read(ref _rejected[(int)reason]));
        lock (_lock) return new UnixTransportSnapshot(_open, Interlocked.Read(ref _accepted), rejected);
    }
}
