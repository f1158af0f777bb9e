using Microsoft.Extensions.Logging;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Issuance.Admission;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Issuance.Freshness;

/// <summary>Callers with open streams. Their evidence is taken again: at once when the kernel tells of a change or the entries are others, and every
/// <see cref="MaxAge"/> in any case. A stream whose caller holds other selectors than before gets another answer, or ends.</summary>
/// <remarks><para>Exit is not seen here: the transport ends the connection at once.</para>
/// <para>A service that does not answer (Docker restarts) takes nothing from a live stream for a while: the kernel says that this is the same process, running the same
/// program in the same cgroup, of which the service has spoken minutes ago, and to end thousands of streams for its restart would be an outage of our making. A new
/// call has no such past: to answer it without asking would be to guess, so it is told to try again.</para></remarks>
public sealed partial class LiveCallers
{
    /// <summary>How old a live stream's evidence may become. Ours: the time a process that has become another may keep a stream where the kernel tells nothing.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(5);

    /// <summary>Between two looks at whose turn it is. Ours: a 25th of <see cref="MaxAge"/>; also the least time between two looks at a process that changes all the time.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new(); // Guards the wheel, the table and the counts of streams.
    private readonly DueWheel _wheel = new((int)(MaxAge / Beat));
    private readonly Dictionary<int, List<Caller>> _byProcess = [];
    private readonly List<Caller> _due = []; // The beat's own.
    private readonly ChangeSignal _someone = new();
    private readonly Judge _judge;
    private readonly EntryStore _entries;
    private readonly IssuanceCounters _counters;
    private readonly TimeProvider _time;
    private readonly ILogger _log;

    internal LiveCallers(Judge judge, EntryStore entries, IssuanceCounters counters, TimeProvider time, ILogger log)
    {
        _judge = judge;
        _entries = entries;
        _counters = counters;
        _time = time;
        _log = log;
    }

    /// <summary>Keeps evidence fresh until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using ProcessEvents? events = ProcessEvents.TryOpen(out string missing);
        events?.Start(OnProcessChanged, LookAtAll);
        SeesChangesAtOnce = events is not null;
        HowChangesAreSeen = events is not null ? "exec and changed ids are seen at once" : string.Concat("exec and changed ids are seen within 5 s: ", missing);
        LogSource(HowChangesAreSeen);
        await Task.WhenAll(BeatAsync(cancellationToken), WatchEntriesAsync(cancellationToken));
    }

    /// <summary>Whether the kernel tells of changes as they happen.</summary>
    public bool SeesChangesAtOnce { get; private set; }

    /// <summary>For people: how soon changes of a process with open streams are seen, and what is missing for it to be at once.</summary>
    public string HowChangesAreSeen { get; private set; } = "not serving yet";

    /// <summary>Told of the same changes, of any process: must be quick.</summary>
    internal Action<int> ProcessChanged { get; set; } = static _ => { };

    /// <summary>The kernel says that this process has become another program, or another user. Any process: who has no stream costs a look into a table.</summary>
    public void OnProcessChanged(int processId)
    {
        ProcessChanged(processId);
        Caller[] callers;
        lock (_gate)
        {
            if (!_byProcess.TryGetValue(processId, out List<Caller>? found)) return;
            callers = [.. found];
        }

        // Not on the thread that hears: whatever a look costs, the next event is read in time.
        foreach (Caller caller in callers) ThreadPool.UnsafeQueueUserWorkItem(static x => x.Live.Hurry(x.Caller), (Live: this, Caller: caller), preferLocal: false);
    }

    /// <summary>Looks at everybody now: the entries ask for other evidence, or word of changes was lost.</summary>
    public void LookAtAll()
    {
        Caller[] all;
        lock (_gate) all = [.. _byProcess.Values.SelectMany(callers => callers)];
        if (all.Length == 0) return;
        ThreadPool.UnsafeQueueUserWorkItem(
            static x =>
            {
                foreach (Caller caller in x.All) _ = x.Live.LookAsync(caller);
            },
            (Live: this, All: all),
            preferLocal: false);
    }

    /// <summary>The tasks of this process are others than before: its streams ask again.</summary>
    internal void TasksChanged(int processId)
    {
        Caller[] callers;
        lock (_gate)
        {
            if (!_byProcess.TryGetValue(processId, out List<Caller>? found)) return;
            callers = [.. found];
        }

        foreach (Caller caller in callers) caller.Belief.Changed.Raise();
    }

    /// <summary>The same for all that satisfy <paramref name="concerns"/>.</summary>
    internal void TasksChanged(Func<PeerProcess, bool> concerns)
    {
        Caller[] callers;
        lock (_gate) callers = [.. _byProcess.Values.SelectMany(all => all)];
        foreach (Caller caller in callers)
        {
            if (!caller.IsDisposed && caller.Peer is { } peer && concerns(peer)) caller.Belief.Changed.Raise();
        }
    }

    /// <summary>One more stream of this caller is open.</summary>
    internal void Opened(Caller caller)
    {
        lock (_gate)
        {
            if (caller.Live.Streams++ > 0) return;
            if (!_byProcess.TryGetValue(caller.ProcessId, out List<Caller>? callers)) _byProcess[caller.ProcessId] = callers = new List<Caller>(1);
            callers.Add(caller);
            caller.Live.Owner = caller;
            _wheel.Add(caller);
            if (_byProcess.Count > 1) return;
        }

        _someone.Raise();
    }

    /// <summary>One stream less.</summary>
    internal void Closed(Caller caller)
    {
        lock (_gate)
        {
            if (--caller.Live.Streams > 0) return;
            caller.Live.Owner = null;
            List<Caller> callers = _byProcess[caller.ProcessId];
            callers.Remove(caller);
            if (callers.Count == 0) _byProcess.Remove(caller.ProcessId);
        }
    }

    /// <summary>Looks at a caller now; one that was looked at a moment ago has its turn in the next beat, so that a process that changes without end costs little.</summary>
    internal void Hurry(Caller caller)
    {
        if (_time.GetElapsedTime(caller.Live.LookedAt) >= Beat)
        {
            _ = LookAsync(caller);
            return;
        }

        lock (_gate)
        {
            if (caller.Live.Streams > 0) _wheel.AddNext(caller);
        }
    }

    /// <summary>One beat. Separate from the timer, so that a test can move the clock by hand.</summary>
    internal void OnBeat()
    {
        lock (_gate)
        {
            _due.Clear();
            _wheel.Turn(_due);
            foreach (Caller caller in _due) _wheel.Add(caller);
        }

        foreach (Caller caller in _due) _ = LookAsync(caller);
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(Beat, _time);
        while (true)
        {
            await WaitForSomeoneAsync(cancellationToken); // An idle daemon has no beat.
            await timer.WaitForNextTickAsync(cancellationToken);
            OnBeat();
        }
    }

    private async Task WaitForSomeoneAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next = _someone.Next;
            lock (_gate)
            {
                if (_byProcess.Count > 0) return;
            }

            await next.WaitAsync(cancellationToken);
        }
    }

    private async Task WatchEntriesAsync(CancellationToken cancellationToken)
    {
        long seen = _entries.Version;
        while (true)
        {
            seen = await _entries.WaitForChangeAsync(seen, cancellationToken);
            LookAtAll();
        }
    }
}
