using System.Collections.Concurrent;
using System.Collections.Immutable;
using Spiffe.Agent.Attestation.Binding;
using Spiffe.Agent.Attestation.Peer;

namespace Spiffe.Agent.Issuance.Tasks.Live;

/// <summary>All tasks: the live ones by id, by process, by cgroup and by run; the ended ones for a while.</summary>
/// <param name="options">Its bounds.</param>
/// <param name="placeOf">Path of the cgroup that a process is in; null where that is not known.</param>
internal sealed class TaskTable(TaskServiceOptions options, Func<PeerProcess, string?> placeOf)
{
    private readonly Lock _gate = new(); // Guards all below but the concurrent tables, which are written under it and read without.
    private readonly ConcurrentDictionary<string, LiveTask> _byId = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<ProcessIdentity, ImmutableArray<LiveTask>> _byProcess = new();
    private readonly ConcurrentDictionary<int, ImmutableArray<LiveTask>> _byProcessId = new();
    private readonly Dictionary<(InvocationKey Run, string Template), LiveTask> _byRun = [];
    private readonly Dictionary<(ProcessIdentity Requester, string Key), LiveTask> _byKey = [];
    private readonly Dictionary<string, int> _perTemplate = new(StringComparer.Ordinal);
    private readonly Dictionary<uint, int> _perUser = [];
    private readonly Queue<LiveTask> _ended = new();
    private readonly ConcurrentDictionary<string, ImmutableArray<LiveTask>> _byCgroup = new(StringComparer.Ordinal);
    private int _live;

    /// <summary>Tasks that are not over.</summary>
    public int Live => Volatile.Read(ref _live);

    /// <summary>All that are known, ended ones too, in no order.</summary>
    public IEnumerable<LiveTask> All => _byId.Values;

    public LiveTask? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>Takes a task in, unless there are too many, or one like it is there: that one is the answer then.</summary>
    /// <param name="task">A new task.</param>
    /// <param name="same">The task that the same process asked for by the same key before, or of the same run.</param>
    /// <param name="fault">What there is too much of.</param>
    public bool TryAdd(LiveTask task, out LiveTask? same, out string fault)
    {
        lock (_gate)
        {
            (same, fault) = (null, "");
            if (task.IdempotencyKey.Length > 0 && _byKey.TryGetValue((task.Requester, task.IdempotencyKey), out same)) return false;
            if (task is { IsAutomatic: true, Binding.Run: { } known } && _byRun.TryGetValue((known, task.Template.Name), out same)) return false;
            fault = _live >= options.MaxLive ? $"at most {options.MaxLive} tasks at once"
                : _perTemplate.GetValueOrDefault(task.Template.Name) >= task.Template.MaxLive ? $"at most {task.Template.MaxLive} tasks of template {task.Template.Name} at once"
                : _perUser.GetValueOrDefault(task.RequesterUserId) >= options.MaxLivePerUser ? $"at most {options.MaxLivePerUser} tasks of one user at once"
                : "";
            if (fault.Length > 0) return false;

            _live++;
            _perTemplate[task.Template.Name] = _perTemplate.GetValueOrDefault(task.Template.Name) + 1;
            _perUser[task.RequesterUserId] = _perUser.GetValueOrDefault(task.RequesterUserId) + 1;
            _byId[task.Id.ToString()] = task;
            Add(_byProcess, task.Binding.Process.Identity, task);
            Add(_byProcessId, task.Binding.Process.Peer.ProcessId, task);
            if (task.Requester != task.Binding.Process.Identity) Add(_byProcess, task.Requester, task);
            if (task.IdempotencyKey.Length > 0) _byKey[(task.Requester, task.IdempotencyKey)] = task;
            if (task is { IsAutomatic: true, Binding.Run: { } run }) _byRun[(run, task.Template.Name)] = task;
            if (task.Binding.CoversCgroup) Add(_byCgroup, task.Binding.Cgroup!.Path, task);
            return true;
        }
    }

    /// <summary>The task is over: found by its id only from now on, and forgotten when enough others have ended.</summary>
    public void End(LiveTask task)
    {
        lock (_gate)
        {
            _live--;
            if (--_perTemplate[task.Template.Name] == 0) _perTemplate.Remove(task.Template.Name);
            if (--_perUser[task.RequesterUserId] == 0) _perUser.Remove(task.RequesterUserId);
            Remove(_byProcess, task.Binding.Process.Identity, task);
            Remove(_byProcess, task.Requester, task);
            Remove(_byProcessId, task.Binding.Process.Peer.ProcessId, task);
            if (task.IdempotencyKey.Length > 0) _byKey.Remove((task.Requester, task.IdempotencyKey));
            if (task.Binding.CoversCgroup) Remove(_byCgroup, task.Binding.Cgroup!.Path, task);
            _ended.Enqueue(task);
            while (_ended.Count > options.RememberEnded)
            {
                _byId.TryRemove(_ended.Dequeue().Id.ToString(), out _);
            }
        }
    }

    /// <summary>The task of this run of a unit or container by this template, live or ended: a run has one task, and no second chance.</summary>
    public LiveTask? FindRun(InvocationKey run, string template)
    {
        lock (_gate) return _byRun.GetValueOrDefault((run, template));
    }

    /// <summary>The tasks of runs that go on.</summary>
    public LiveTask[] Runs
    {
        get
        {
            lock (_gate) return [.. _byRun.Values];
        }
    }

    /// <summary>The live task that this process asked for by this key.</summary>
    public LiveTask? FindKey(ProcessIdentity requester, string key)
    {
        lock (_gate) return _byKey.GetValueOrDefault((requester, key));
    }

    /// <summary>The run is over: no process can ask for its task any more.</summary>
    public void ForgetRun(LiveTask task)
    {
        if (task is not { IsAutomatic: true, Binding.Run: { } run }) return;
        lock (_gate) _byRun.Remove((run, task.Template.Name));
    }

    /// <summary>Live tasks that name this process, as its worker or as who asked for them.</summary>
    public ImmutableArray<LiveTask> Of(ProcessIdentity process) => _byProcess.TryGetValue(process, out ImmutableArray<LiveTask> tasks) ? tasks : [];

    /// <summary>Live tasks bound to the process that has this number.</summary>
    public ImmutableArray<LiveTask> Of(int processId) => _byProcessId.TryGetValue(processId, out ImmutableArray<LiveTask> tasks) ? tasks : [];

    /// <summary>Live tasks whose work this process does: it is bound to them, or lives in a cgroup that is.</summary>
    public ImmutableArray<LiveTask> WorkOf(PeerProcess peer)
    {
        ProcessIdentity identity = ProcessIdentity.Of(peer);
        ImmutableArray<LiveTask> own = Of(identity);
        if (!own.IsEmpty) own = own.RemoveAll(task => task.Binding.CoversCgroup || task.Binding.Process.Identity != identity);
        return _byCgroup.IsEmpty ? own : own.AddRange(CoveringOf(peer));
    }

    /// <summary>Those whose cgroup is the process's own or above it: found by its path, believed by the directory that is held.</summary>
    private List<LiveTask> CoveringOf(PeerProcess peer)
    {
        if (placeOf(peer) is not { } path) return [.. _byCgroup.Values.SelectMany(tasks => tasks).Where(task => task.Binding.Covers(peer))];
        List<LiveTask> found = [];
        for (int end = path.Length; end > 0; end = path.LastIndexOf('/', end - 1))
        {
            if (_byCgroup.TryGetValue(path[..end], out ImmutableArray<LiveTask> tasks)) found.AddRange(tasks.Where(task => task.Binding.Covers(peer)));
        }

        return found;
    }

    private static void Add<TKey>(ConcurrentDictionary<TKey, ImmutableArray<LiveTask>> table, TKey key, LiveTask task)
        where TKey : notnull => table[key] = table.TryGetValue(key, out ImmutableArray<LiveTask> tasks) ? tasks.Add(task) : [task];

    private static void Remove<TKey>(ConcurrentDictionary<TKey, ImmutableArray<LiveTask>> table, TKey key, LiveTask task)
        where TKey : notnull
    {
        if (!table.TryGetValue(key, out ImmutableArray<LiveTask> tasks)) return;
        tasks = tasks.Remove(task);
        if (tasks.IsEmpty) table.TryRemove(key, out _);
        else table[key] = tasks;
    }
}
