using Spiffe.Agent.Issuance.Offboarding;

namespace Spiffe.Agent.Issuance;

/// <summary>What has happened since the start. Counts only grow, but for what is open now.</summary>
public sealed class IssuanceCounters
{
    private long _x509;
    private long _jwt;
    private long _wit;
    private long _denied;
    private long _retaken;
    private long _changed;
    private long _lost;
    private int _openStreams;
    private readonly long[] _offboarded = new long[Enum.GetValues<OffboardingState>().Length];

    public long X509 => Volatile.Read(ref _x509);

    public long Jwt => Volatile.Read(ref _jwt);

    public long Wit => Volatile.Read(ref _wit);

    /// <summary>Calls that earned nothing.</summary>
    public long Denied => Volatile.Read(ref _denied);

    /// <summary>Times that the evidence of a caller with open streams was taken again.</summary>
    public long Reattestations => Volatile.Read(ref _retaken);

    /// <summary>Times that it had changed.</summary>
    public long ReattestationsChanged => Volatile.Read(ref _changed);

    /// <summary>Times that it had changed so that nothing could be said of the caller any more, and its streams ended.</summary>
    public long ReattestationsEnded => Volatile.Read(ref _lost);

    /// <summary>Streams that wait for the next answer now.</summary>
    public int OpenStreams => Volatile.Read(ref _openStreams);

    /// <summary>Tasks that ended and were looked behind: with this outcome.</summary>
    public long OffboardedAs(OffboardingState state) => Volatile.Read(ref _offboarded[(int)state]);

    internal void Offboarded(OffboardingState state) => Interlocked.Increment(ref _offboarded[(int)state]);

    internal void StreamOpened() => Interlocked.Increment(ref _openStreams);

    internal void StreamClosed() => Interlocked.Decrement(ref _openStreams);

    internal void X509Issued() => Interlocked.Increment(ref _x509);

    internal void JwtIssued() => Interlocked.Increment(ref _jwt);

    internal void WitIssued() => Interlocked.Increment(ref _wit);

    internal void EvidenceRetaken() => Interlocked.Increment(ref _retaken);

    internal void EvidenceChanged() => Interlocked.Increment(ref _changed);

    internal void StandingLost() => Interlocked.Increment(ref _lost);

    internal void CallDenied() => Interlocked.Increment(ref _denied);
}
