namespace Spiffe.Agent.Issuance.Tasks.Live;

/// <summary>When which task must be looked at next: one timer for all of them.</summary>
/// <remarks>A task is entered again whenever its next moment changes; what was entered before is found to be old when it comes up. Time is that of <see cref="TimeProvider.GetTimestamp"/>:
/// of a clock that counts sleep, if the provider does. Timers do not fire while the machine sleeps, so <see cref="Run"/> is called with every beat of housekeeping besides.</remarks>
internal sealed class TaskAgenda : IDisposable
{
    /// <summary>Old items that are borne besides as many as are valid, before the queue is cleared of them. Ours: so few cost nothing.</summary>
    public const int MostlyOld = 64;

    private readonly Lock _gate = new(); // Guards the queue, the timer and each task's DueAt.
    private readonly PriorityQueue<Item, long> _queue = new();
    private int _entered; // Tasks that have a next moment: so many items of the queue are not old.
    private readonly Action<LiveTask> _isDue;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _armedFor = long.MaxValue;

    /// <param name="isDue">Called without any lock, for a task whose moment has come.</param>
    /// <param name="time">Whose timestamps count.</param>
    public TaskAgenda(Action<LiveTask> isDue, TimeProvider time)
    {
        _isDue = isDue;
        _time = time;
        _timer = time.CreateTimer(static self => ((TaskAgenda)self!).Run(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>From now on the task's next moment is this one; <see cref="long.MaxValue"/>: it has none.</summary>
    public void Enter(LiveTask task, long timestamp)
    {
        lock (_gate)
        {
            if (task.DueAt == timestamp) return;
            if (task.DueAt != long.MaxValue) _entered--;
            task.DueAt = timestamp;
            if (timestamp != long.MaxValue)
            {
                _entered++;
                _queue.Enqueue(new Item(task, timestamp), timestamp);
            }

            if (_queue.Count > MostlyOld + (2 * _entered)) Compact();
            Arm();
        }
    }

    /// <summary>Calls for every task whose moment has come.</summary>
    public void Run()
    {
        while (Take() is { } task) _isDue(task);
    }

    public void Dispose() => _timer.Dispose();

    private LiveTask? Take()
    {
        lock (_gate)
        {
            while (_queue.TryPeek(out Item item, out long at))
            {
                bool isOld = item.Task.DueAt != item.At;
                if (!isOld && at > _time.GetTimestamp()) break;
                _queue.Dequeue();
                if (isOld) continue;
                item.Task.DueAt = long.MaxValue;
                _entered--;
                return item.Task;
            }

            _armedFor = long.MaxValue;
            Arm();
            return null;
        }
    }

    /// <summary>Drops what is old: of tasks that are over nothing is kept until the moment that they once had.</summary>
    private void Compact()
    {
        (Item Element, long Priority)[] valid = [.. _queue.UnorderedItems.Where(item => item.Element.Task.DueAt == item.Element.At)];
        _queue.Clear();
        _queue.EnqueueRange(valid);
    }

    private void Arm()
    {
        if (!_queue.TryPeek(out _, out long at) || at >= _armedFor) return;
        TimeSpan wait = _time.GetElapsedTime(_time.GetTimestamp(), at);
        _armedFor = at;
        _timer.Change(wait > TimeSpan.Zero ? wait + TimeSpan.FromMilliseconds(1) : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private readonly record struct Item(LiveTask Task, long At);
}
