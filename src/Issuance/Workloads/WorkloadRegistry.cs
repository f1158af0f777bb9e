namespace Spiffe.Agent.Issuance.Workloads;

/// <summary>The workloads that are known now, by what their callers have in common. One that nobody uses is forgotten after a while, with its keys.</summary>
internal sealed class WorkloadRegistry(WorkloadServices services) : IDisposable
{
    /// <summary>Workloads kept although no call or stream uses them. Ours: their SVIDs are ready when the process comes back, at some 10 KiB each.</summary>
    public const int MaxIdle = 1024;

    /// <summary>How long an unused workload is kept. Ours: longer than a client's usual retry, far shorter than an SVID.</summary>
    public static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new(); // Guards all below and each workload's Leases.
    private readonly Dictionary<WorkloadKey, Known> _workloads = [];
    private readonly LinkedList<Known> _idle = []; // The longest idle first.

    public int Count
    {
        get
        {
            lock (_gate) return _workloads.Count;
        }
    }

    /// <summary>The workload of callers who hold these selectors and tasks. The caller returns it.</summary>
    public Workload Acquire(WorkloadKey key)
    {
        lock (_gate)
        {
            if (!_workloads.TryGetValue(key, out Known? known)) _workloads[key] = known = new Known(new Workload(key, services));
            if (known.Leases++ == 0 && known.Idle.List is not null) _idle.Remove(known.Idle);
            return known.Workload;
        }
    }

    public void Return(Workload workload)
    {
        lock (_gate)
        {
            Known known = _workloads[workload.Key];
            if (--known.Leases > 0) return;
            if (!workload.Key.Tasks.IsLive)
            {
                Forget(known); // A task that is over, or another by now, does not come back: its keys go at once.
                return;
            }

            known.IdleSince = services.Time.GetTimestamp();
            _idle.AddLast(known.Idle);
            if (_idle.Count > MaxIdle) ForgetLongestIdle();
        }
    }

    /// <summary>Forgets what has been unused for <see cref="IdleTimeout"/>.</summary>
    public void Sweep()
    {
        lock (_gate)
        {
            while (_idle.First is { } longest && services.Time.GetElapsedTime(longest.Value.IdleSince) >= IdleTimeout) ForgetLongestIdle();
        }
    }

    /// <summary>Forgets unused workloads whose task is over, or another by now, with their keys.</summary>
    public void ForgetEnded()
    {
        lock (_gate)
        {
            for (LinkedListNode<Known>? at = _idle.First; at is not null;)
            {
                LinkedListNode<Known>? next = at.Next;
                if (!at.Value.Workload.Key.Tasks.IsLive)
                {
                    _idle.Remove(at);
                    Forget(at.Value);
                }

                at = next;
            }
        }
    }

    /// <summary>Every workload with the calls that use it now.</summary>
    public (Workload Workload, int Calls)[] Census()
    {
        lock (_gate) return [.. _workloads.Values.Select(known => (known.Workload, known.Leases))];
    }

    /// <summary>Tells every workload that somebody should look again.</summary>
    public void RaiseAll()
    {
        Workload[] all;
        lock (_gate) all = [.. _workloads.Values.Select(k => k.Workload)];
        foreach (Workload workload in all) workload.Changed.Raise();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (Known known in _workloads.Values) known.Workload.Dispose();
            _workloads.Clear();
            _idle.Clear();
        }
    }

    private void ForgetLongestIdle()
    {
        Known known = _idle.First!.Value;
        _idle.RemoveFirst();
        Forget(known);
    }

    private void Forget(Known known)
    {
        _workloads.Remove(known.Workload.Key);
        known.Workload.Dispose();
    }

    private sealed class Known
    {
        public Known(Workload workload)
        {
            Workload = workload;
            Idle = new LinkedListNode<Known>(this);
        }

        public Workload Workload { get; }

        public LinkedListNode<Known> Idle { get; }

        public int Leases { get; set; }

        public long IdleSince { get; set; }
    }
}
