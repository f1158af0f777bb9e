using Spiffe.Agent.Issuance.Admission;

namespace Spiffe.Agent.Issuance.Freshness;

/// <summary>Notes of <see cref="LiveCallers"/> on one caller.</summary>
internal sealed class LiveState
{
    /// <summary>Whose it is, while it waits for its turn with open streams: the wheel does not keep callers whose connection has ended.</summary>
    public Caller? Owner { get; set; }

    /// <summary>Streams that are open now; by the lock of <see cref="LiveCallers"/>.</summary>
    public int Streams { get; set; }

    /// <summary>The beat at which it is looked at next; 0 when it is in no bucket. By the same lock.</summary>
    public long DueAt { get; set; }

    /// <summary>When it was looked at last, as a timestamp of the clock.</summary>
    public long LookedAt { get; set; }

    /// <summary>Whether it is being looked at: one look at a time, and one more when it was asked for meanwhile.</summary>
    public Turnstile Looking { get; } = new();

    /// <summary>Whether services are being asked about it.</summary>
    public Turnstile Refreshing { get; } = new();
}
