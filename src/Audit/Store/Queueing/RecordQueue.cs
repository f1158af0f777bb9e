using Spiffe.Agent.Audit.Records;

namespace Spiffe.Agent.Audit.Store.Queueing;

/// <summary>Records in the order of events, and whoever waits for them. Bounded; giving a place is quick and never waits for the disk.</summary>
/// <remarks>
/// Places are counted from 1. What was lost for want of room has one place, that of the <see cref="RecordTypes.LogGap"/> record that says how many;
/// so nobody is told that it is safe before that is. Safe from many threads.
/// </remarks>
/// <param name="limits">How much.</param>
/// <param name="time">For the time of a gap.</param>
internal sealed class RecordQueue(AuditStoreLimits limits, TimeProvider time) : IDisposable
{
    private readonly Lock _gate = new(); // Guards all below; that may be read without it which is volatile.
    private readonly Queue<PendingRecord> _queue = [];
    private readonly Queue<(long Place, TaskCompletionSource<bool> Settled)> _waiters = [];
    private (long Place, TaskCompletionSource<bool> Settled) _latest; // The last of them.
    private readonly AutoResetEvent _wake = new(initialState: false);
    private long _placed;
    private long _safe;
    private long _bytes; // Of the queue and of the group that is being written.
    private long _gap;
    private long _lost;
    private bool _isStuck;
    private bool _isClosed;
    private bool _isIdle;
    private volatile string _fault = "";

    /// <summary>Why nothing that gives rights gets a place; empty: it does.</summary>
    public string Fault => _fault;

    public long Lost => Volatile.Read(ref _lost);

    /// <summary>Nothing gets a place any more, and what has one cannot be written: it never will be.</summary>
    public bool IsHopeless
    {
        get
        {
            lock (_gate) return _isClosed && _isStuck;
        }
    }

    /// <summary>Records that have a place and are not safe.</summary>
    public int Waiting => (int)(Volatile.Read(ref _placed) - Volatile.Read(ref _safe));

    /// <summary>Gives a record its place.</summary>
    /// <returns>False: none, as it gives rights and the log is not well; or, as <paramref name="isOwed"/>, the log is closed.</returns>
    public bool TryAdd(PendingRecord record, bool isOwed)
    {
        lock (_gate)
        {
            if (_isClosed) return false;
            int waiting = (int)(_placed - _safe);
            if (!isOwed && (_fault.Length > 0 || _gap > 0 || waiting >= limits.MaxWaiting || _bytes + record.Length > limits.MaxWaitingBytes)) return false;
            if (waiting >= limits.MaxOwed || _bytes + record.Length > 2 * limits.MaxWaitingBytes)
            {
                Lose();
                return true;
            }

            MendGap();
            Enqueue(record);
            _placed++;
            if (_isIdle) _wake.Set();
            return true;
        }
    }

    /// <summary>Waits until all that has a place is safe.</summary>
    public ValueTask<bool> SettleAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _safe) >= Volatile.Read(ref _placed)) return ValueTask.FromResult(true);
        TaskCompletionSource<bool> settled;
        lock (_gate)
        {
            if (_safe >= _placed) return ValueTask.FromResult(true);
            if (_isStuck) return ValueTask.FromResult(false);
            if (_latest.Place != _placed || _waiters.Count == 0)
            {
                _latest = (_placed, new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
                _waiters.Enqueue(_latest);
            }

            settled = _latest.Settled;
        }

        return new ValueTask<bool>(settled.Task.WaitAsync(cancellationToken));
    }

    /// <summary>Takes the next group; waits until there is one.</summary>
    /// <param name="group">Empty before; afterwards what is to be written together.</param>
    /// <returns>False: the queue is closed and empty.</returns>
    public bool Take(List<PendingRecord> group)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_queue.Count == 0) MendGap();
                int bytes = 0;
                while (group.Count < limits.MaxGroup && _queue.TryPeek(out PendingRecord? next) && (group.Count == 0 || bytes + next.Length <= limits.MaxGroupBytes))
                {
                    bytes += next.Length;
                    group.Add(_queue.Dequeue());
                    if (next.EndsGroup) break;
                }

                if (group.Count > 0) return true;
                if (_isClosed) return false;
                _isIdle = true;
            }

            _wake.WaitOne();
            lock (_gate) _isIdle = false;
        }
    }

    /// <summary>Waits for a moment at which something may have changed.</summary>
    public void Wait() => _wake.WaitOne();

    /// <summary>Ends a wait of the writer.</summary>
    public void Wake() => _wake.Set();

    /// <summary>A group is safe on the disk.</summary>
    public void Settle(IReadOnlyCollection<PendingRecord> group)
    {
        lock (_gate)
        {
            _isStuck = false;
            _safe += group.Count;
            foreach (PendingRecord record in group) _bytes -= record.Length;
            while (_waiters.TryPeek(out (long Place, TaskCompletionSource<bool> Settled) waiter) && waiter.Place <= _safe) _waiters.Dequeue().Settled.SetResult(true);
        }
    }

    /// <summary>The group cannot be written now: whoever waits hears so, and whoever asks until it can.</summary>
    public void Stick()
    {
        lock (_gate)
        {
            _isStuck = true;
            while (_waiters.TryDequeue(out (long Place, TaskCompletionSource<bool> Settled) waiter)) waiter.Settled.SetResult(false);
        }
    }

    /// <summary>From now on nothing that gives rights gets a place; with an empty text it does again.</summary>
    public void Refuse(string fault) => _fault = fault;

    /// <summary>Nothing gets a place any more; what has one is still taken.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            _wake.Set();
        }
    }

    /// <summary>Nobody writes any more: what is not safe will not be.</summary>
    public void Abandon()
    {
        Close();
        Stick();
    }

    public void Dispose() => _wake.Dispose();

    private void Lose()
    {
        if (_gap == 0) _placed++;
        _gap++;
        _lost++;
    }

    private void MendGap()
    {
        if (_gap == 0) return;
        Enqueue(PendingRecord.Of(new AuditRecord(RecordTypes.LogGap, time.GetUtcNow(), new RecordFields().Add("lost", _gap))));
        _gap = 0;
    }

    private void Enqueue(PendingRecord record)
    {
        _queue.Enqueue(record);
        _bytes += record.Length;
    }
}
