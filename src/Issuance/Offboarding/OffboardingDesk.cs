using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Spiffe.Agent.Residue;
using Spiffe.Agent.Residue.Reports;

namespace Spiffe.Agent.Issuance.Offboarding;

/// <summary>Looks behind tasks that are over, one after the other, in the background: a few at a time, so that whoever ends many tasks does not take the machine from those that work.</summary>
/// <remarks>Every job that was taken has exactly one outcome: what was found, or that it was not done. When the daemon stops that is said at once of all that wait or run.</remarks>
internal sealed partial class OffboardingDesk : IDisposable
{
    /// <summary>Searches at a time. Ours.</summary>
    public const int Concurrency = 2;

    /// <summary>Jobs that wait; of more it is said that they were not done. Ours: as many as ended tasks are remembered.</summary>
    public const int MaxWaiting = 1_024;

    private readonly Channel<OffboardingJob> _waiting = Channel.CreateBounded<OffboardingJob>(new BoundedChannelOptions(MaxWaiting));
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new(); // Guards _open.
    private readonly HashSet<OffboardingJob> _open = [];
    private readonly List<Thread> _threads = []; // Guarded by _gate.
    private readonly ResidueScanner _scanner;
    private readonly Action<OffboardingJob, ResidueReport> _done;
    private readonly ILogger _log;
    private int _workers;

    /// <param name="scanner">Who looks.</param>
    /// <param name="done">Told the outcome of each job, once.</param>
    /// <param name="log">For what must not happen.</param>
    public OffboardingDesk(ResidueScanner scanner, Action<OffboardingJob, ResidueReport> done, ILogger log) => (_scanner, _done, _log) = (scanner, done, log);

    /// <summary>For a search that is broken off. Ours: what hangs in a read that does not end is left behind.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Ends when the daemon stops.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Takes note of a job that comes soon: if the daemon stops before, it is said that it was not done. False: that has just been said.</summary>
    public bool Expect(OffboardingJob job)
    {
        lock (_gate)
        {
            if (!_stop.IsCancellationRequested) return _open.Add(job);
        }

        Finish(job, ResidueReport.NotDone(job.Prints.Count, GapReason.NotDone, "the daemon stops"));
        return false;
    }

    /// <summary>Takes an expected job, and returns at once.</summary>
    public void Take(OffboardingJob job)
    {
        if (!_waiting.Writer.TryWrite(job)) Finish(job, ResidueReport.NotDone(job.Prints.Count, GapReason.NotDone, $"more than {MaxWaiting} tasks were to be looked behind"));
        else Hire();
    }

    public void Dispose()
    {
        OffboardingJob[] left;
        lock (_gate)
        {
            if (_stop.IsCancellationRequested) return;
            _stop.Cancel();
            left = [.. _open];
        }

        _waiting.Writer.TryComplete();
        foreach (OffboardingJob job in left) Finish(job, ResidueReport.NotDone(job.Prints.Count, GapReason.NotDone, "the daemon stops"));
        Thread[] threads;
        lock (_gate) threads = [.. _threads];
        foreach (Thread thread in threads) thread.Join(Patience);
    }

    /// <summary>One more thread, unless there are enough. It goes when nothing waits.</summary>
    private void Hire()
    {
        if (Interlocked.Increment(ref _workers) > Concurrency)
        {
            Interlocked.Decrement(ref _workers);
            return;
        }

        // A thread of its own: it reads files, and waits for disks and programs.
        Thread thread = new(Work) { IsBackground = true, Name = "offboarding" };
        lock (_gate)
        {
            _threads.RemoveAll(static thread => !thread.IsAlive);
            thread.Start();
            _threads.Add(thread);
        }
    }

    private void Work()
    {
        while (_waiting.Reader.TryRead(out OffboardingJob? job)) Look(job);
        Interlocked.Decrement(ref _workers);
        if (_waiting.Reader.TryPeek(out _)) Hire(); // It came just now, and saw enough threads.
    }

    private void Look(OffboardingJob job)
    {
        ResidueReport report;
        try
        {
            report = _scanner.Look(job.Plan, job.Subject, job.Prints, _stop.Token);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            if (!_stop.IsCancellationRequested) LogFailed(e, job.Ended.TaskId);
            report = ResidueReport.NotDone(job.Prints.Count, GapReason.NotDone, "the search failed: see the log");
        }

        Finish(job, report);
    }

    private void Finish(OffboardingJob job, ResidueReport report)
    {
        lock (_gate) _open.Remove(job);
        if (!job.TryClaim()) return;
        try
        {
            _done(job, report);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogFailed(e, job.Ended.TaskId);
        }
    }
}
