using Spiffe.Agent.Authority.Keys;

namespace Spiffe.Agent.Authority.Rotation;

/// <summary>A signing key with its period, and with the count of those who are signing with it.</summary>
/// <remarks>When it is retired its private half is destroyed as soon as the last signature in progress is done; the public half stays.</remarks>
internal abstract class IssuingKey(SigningKey key, KeyPeriod period)
{
    private int _holds = 1;
    private int _retired;
    private long _lastExpiryTicks;

    public SigningKey Key { get; } = key;

    public KeyPeriod Period { get; } = period;

    /// <summary>How people and validators name it.</summary>
    public abstract string Name { get; }

    /// <summary>When it stopped to be active.</summary>
    public DateTimeOffset? DemotedAt { get; private set; }

    /// <summary>When the last SVID that it signed expires.</summary>
    public DateTimeOffset? LastExpiry => Interlocked.Read(ref _lastExpiryTicks) is var ticks and not 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Begins a use; <see langword="false"/> when the key is retired. Each success is paid for with one <see cref="Release"/>.</summary>
    public bool TryAcquire()
    {
        int holds = Volatile.Read(ref _holds);
        while (holds > 0)
        {
            int seen = Interlocked.CompareExchange(ref _holds, holds + 1, holds);
            if (seen == holds) return true;
            holds = seen;
        }

        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _holds) == 0) Key.Dispose();
    }

    /// <summary>Remembers, before signing, how long what is signed will hold.</summary>
    public void WillExpire(DateTimeOffset expiry)
    {
        long ticks = expiry.UtcTicks;
        long latest = Interlocked.Read(ref _lastExpiryTicks);
        while (ticks > latest)
        {
            long seen = Interlocked.CompareExchange(ref _lastExpiryTicks, ticks, latest);
            if (seen == latest) return;
            latest = seen;
        }
    }

    public void Demote(DateTimeOffset now) => DemotedAt = now;

    /// <summary>Lets nobody begin any more. Repeats do nothing.</summary>
    public void Retire()
    {
        if (Interlocked.Exchange(ref _retired, 1) == 0) Release();
    }
}
