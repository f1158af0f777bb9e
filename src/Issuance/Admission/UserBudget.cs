namespace Spiffe.Agent.Issuance.Admission;

/// <summary>A token bucket per user id, asked before any evidence is taken: one user's flood costs the others nothing.</summary>
/// <remarks>
/// Bounded: at most <see cref="MaxUsers"/> buckets; when they are all in use, full buckets are forgotten first, which changes no decision.
/// If none is full, strangers share one bucket.
/// </remarks>
internal sealed class UserBudget(int requestsPerSecond, int burst, TimeProvider time)
{
    /// <summary>Users tracked at the same time. Ours: far more users than a host runs, about 400 KiB at most.</summary>
    public const int MaxUsers = 4096;

    private readonly Lock _gate = new();
    private readonly Dictionary<uint, Bucket> _users = [];
    private readonly Bucket _strangers = new() { Tokens = burst, Stamp = time.GetTimestamp() };

    /// <summary>Takes one request from the user's budget; false when it is used up. A rate of 0 means no limit.</summary>
    public bool TryTake(uint userId)
    {
        if (requestsPerSecond <= 0) return true;
        lock (_gate)
        {
            long now = time.GetTimestamp();
            Bucket bucket = Find(userId, now);
            Refill(bucket, now);
            if (bucket.Tokens < 1) return false;
            bucket.Tokens -= 1;
            return true;
        }
    }

    private Bucket Find(uint userId, long now)
    {
        if (_users.TryGetValue(userId, out Bucket? bucket)) return bucket;
        if (_users.Count >= MaxUsers) ForgetFull(now);
        if (_users.Count >= MaxUsers) return _strangers;
        return _users[userId] = new Bucket { Tokens = burst, Stamp = now };
    }

    private void ForgetFull(long now)
    {
        foreach ((uint user, Bucket bucket) in _users)
        {
            Refill(bucket, now);
            if (bucket.Tokens >= burst) _users.Remove(user);
        }
    }

    private void Refill(Bucket bucket, long now)
    {
        double seconds = time.GetElapsedTime(bucket.Stamp, now).TotalSeconds;
        bucket.Tokens = Math.Min(burst, bucket.Tokens + seconds * requestsPerSecond);
        bucket.Stamp = now;
    }

    private sealed class Bucket
    {
        public required double Tokens { get; set; }

        public required long Stamp { get; set; }
    }
}
