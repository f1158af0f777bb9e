using System.Diagnostics.CodeAnalysis;

namespace Spiffe.Agent.Replay.Tasks;

/// <summary>Tasks that live, or whose credentials have not expired long ago; of the others only that they were.</summary>
internal sealed class TaskBook
{
    private readonly Dictionary<TaskKey, ReplayedTask> _tasks = [];
    private readonly PriorityQueue<ReplayedTask, long> _ended = new();
    private readonly HashSet<TaskKey> _over = [];
    private readonly Queue<TaskKey> _overInOrder = [];
    private readonly HashSet<TaskKey> _notJudged = [];

    public long Began { get; private set; }

    public int Live { get; private set; }

    public int NotJudged => _notJudged.Count;

    /// <summary>Whether there are more than are kept.</summary>
    public bool IsFull => _tasks.Count >= ReplayLimits.MaxTasks;

    public IEnumerable<ReplayedTask> All => _tasks.Values;

    public bool TryFind(TaskKey key, [NotNullWhen(true)] out ReplayedTask? task) => _tasks.TryGetValue(key, out task);

    /// <summary>Whether there was a task of that id that is not known any more.</summary>
    public bool IsOver(TaskKey key) => _over.Contains(key);

    public bool IsNotJudged(TaskKey key) => _notJudged.Contains(key);

    /// <summary>Nothing can be said of this one.</summary>
    /// <returns>False: of too many, and this one is not remembered.</returns>
    public bool DoNotJudge(TaskKey key) => _notJudged.Count < ReplayLimits.MaxEndedIds && _notJudged.Add(key);

    public void Begin(ReplayedTask task)
    {
        Began++;
        Live++;
        _tasks.Add(task.Key, task);
        task.Parent?.Children.Add(task);
    }

    /// <summary>It is over: remembered until the last of its credentials has expired, and a while longer.</summary>
    public void End(ReplayedTask task, DateTimeOffset at)
    {
        Live--;
        task.Parent?.Children.Remove(task);
        _ended.Enqueue(task, (task.LastExpiry > at ? task.LastExpiry : at).UtcTicks);
    }

    /// <summary>It is over, and never began.</summary>
    public void NeverBegan(TaskKey key) => Remember(key);

    public void Forget(DateTimeOffset now)
    {
        long before = now.UtcTicks - ReplayLimits.Memory.Ticks;
        while (_ended.TryPeek(out ReplayedTask? task, out long end) && end < before)
        {
            _ended.Dequeue();
            _tasks.Remove(task.Key);
            Remember(task.Key);
        }
    }

    private void Remember(TaskKey key)
    {
        if (!_over.Add(key)) return;
        _overInOrder.Enqueue(key);
        if (_overInOrder.Count > ReplayLimits.MaxEndedIds) _over.Remove(_overInOrder.Dequeue());
    }
}
