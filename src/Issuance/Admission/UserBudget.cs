namespace Spiffe.Agent.Issuance.Admission;

/// <summary>A token bucket per user id, asked before any evidence is taken: one user's flood costs the others nothing.</summary>
/// <remarks>
/// Bounded: at most <see cref="MaxUsers"/> buckets; when they are all in use, full buckets are forgotten first, which changes no decision.
/// If none is full, strangers share one bucket.
/// The last quarter of a bucket is a reserve that each process of the user may take from at a quarter of the user's rate: one process that takes all it can leaves its
/// siblings something.
/// </remarks>
internal sealed class UserBudget(int requestsPerSecond, int burst, TimeProvider time)
{
    /// <summary>Users tracked at the same time. Ours: far more users than a host runs, some 400 KiB, and 8 MiB if all of them fight over their reserve.</summary>
    public const int MaxUsers = 4096;

    /// <summary>Processes of one user whose use of the reserve is tracked. Ours: beyond it, processes share one allowance.</summary>
    public const int MaxProcessesPerUser = 16;

    /// <summary>The reserve, as a part of the whole.</summary>
    private const double Reserve = 0.25;

    private readonly Lock _gate = new(); // Guards all below.
    private readonly Dictionary<uint, Bucket> _users = [];
    private readonly Bucket _strangers = new() { Tokens = burst, Stamp = time.GetTimestamp() };

    /// <summary>Takes one request from the user's budget; false when it is used up, or this process has used up its part of what is left. A rate of 0 means no limit.</summary>
    public bool TryTake(uint userId, int processId)
    {
        if (requestsPerSecond <= 0) return true;
        lock (_gate)
        {
            long now = time.GetTimestamp();
            Bucket bucket = Find(userId, now);
            Refill(bucket, now, 1);
            if (bucket.Tokens < 1) return false;
            if (bucket.Tokens <= burst * Reserve && !TryTakeReserve(bucket, processId, now)) return false;
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

    /// <summary>From the process's own part of the reserve. Nobody is tracked before the reserve is touched.</summary>
    private bool TryTakeReserve(Bucket user, int processId, long now)
    {
        double part = Math.Max(1, burst * Reserve);
        Dictionary<int, Bucket> processes = user.Processes ??= [];
        if (!processes.TryGetValue(processId, out Bucket? own))
        {
            if (processes.Count >= MaxProcessesPerUser) ForgetFull(processes, part, now);
            int key = processes.Count >= MaxProcessesPerUser ? 0 : processId;
            if (!processes.TryGetValue(key, out own)) processes[key] = own = new Bucket { Tokens = part, Stamp = now };
        }

        Refill(own, now, Reserve);
        if (own.Tokens < 1) return false;
        own.Tokens -= 1;
        return true;
    }

    private void ForgetFull(Dictionary<int, Bucket> processes, double part, long now)
    {
        foreach ((int process, Bucket own) in processes)
        {
            Refill(own, now, Reserve);
            if (own.Tokens >= part) processes.Remove(process);
        }
    }

    private void ForgetFull(long now)
    {
        foreach ((uint user, Bucket bucket) in _users)
        {
            Refill(bucket, now, 1);
            if (bucket.Tokens >= burst) _users.Remove(user);
        }
    }

    private void Refill(Bucket bucket, long now, double part)
    {
        double seconds = time.GetElapsedTime(bucket.Stamp, now).TotalSeconds;
        bucket.Tokens = Math.Min(Math.Max(1, burst * part), bucket.Tokens + seconds * requestsPerSecond * part);
        bucket.Stamp = now;
    }

    private sealed class Bucket
    {
        public required double Tokens { get; set; }

        public required long Stamp { get; set; }

        public Dictionary<int, Bucket>? Processes { get; set; }
    }
}
