namespace Spiffe.Agent.Audit.Store.Publishing;

/// <summary>A number that only grows, and those who wait until it has grown so far. Safe from many threads.</summary>
internal sealed class Milestones(long reached)
{
    private readonly Lock _gate = new(); // Guards all below.
    private readonly List<(long At, TaskCompletionSource Passed)> _waiters = [];
    private long _reached = reached;
    private bool _isEnded;

    public long Reached => Volatile.Read(ref _reached);

    /// <summary>Ends when the number is so large.</summary>
    /// <exception cref="ObjectDisposedException">It does not grow any more.</exception>
    public Task When(long at)
    {
        lock (_gate)
        {
            if (_reached >= at) return Task.CompletedTask;
            ObjectDisposedException.ThrowIf(_isEnded, typeof(AuditStore));
            TaskCompletionSource passed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((at, passed));
            return passed.Task;
        }
    }

    public void Reach(long at)
    {
        lock (_gate)
        {
            Volatile.Write(ref _reached, Math.Max(_reached, at));
            foreach ((long waited, TaskCompletionSource passed) in _waiters)
            {
                if (waited <= _reached) passed.SetResult();
            }

            _waiters.RemoveAll(waiter => waiter.At <= _reached);
        }
    }

    /// <summary>It does not grow any more.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isEnded = true;
            foreach ((_, TaskCompletionSource passed) in _waiters) passed.SetException(new ObjectDisposedException(nameof(AuditStore)));
            _waiters.Clear();
        }
    }
}
