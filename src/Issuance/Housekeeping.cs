using Microsoft.Extensions.Logging;
using Spiffe.Agent.Authority;
using Spiffe.Agent.Issuance.Journal;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Issuance;

/// <summary>What must happen without anybody asking: keys move on, changed entries and set clocks wake the streams, unused workloads are forgotten, memory goes back.</summary>
public sealed partial class Housekeeping
{
    /// <summary>How often the clock is looked at. Ours: a set clock may leave a stream without a fresh SVID for this long.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    /// <summary>Difference between wall clock and uptime over one beat from which the clock counts as set.</summary>
    public static readonly TimeSpan ClockStep = TimeSpan.FromSeconds(2);

    private readonly IssuanceService _issuance;
    private readonly EmbeddedAuthority _authority;
    private readonly EntryStore _entries;
    private readonly TimeProvider _time;
    private readonly ILogger<Housekeeping> _log;
    private readonly MemoryTrim _memory = MemoryTrim.OfThisProcess();
    private DateTimeOffset _wall;
    private long _uptime;

    public Housekeeping(IssuanceService issuance, EmbeddedAuthority authority, EntryStore entries, TimeProvider time, ILogger<Housekeeping> log)
    {
        _issuance = issuance;
        _authority = authority;
        _entries = entries;
        _time = time;
        _log = log;
        _wall = time.GetUtcNow();
        _uptime = time.GetTimestamp();
    }

    /// <summary>Runs until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(BeatAsync(cancellationToken), WatchEntriesAsync(cancellationToken), WatchRevocationsAsync(cancellationToken));

    /// <summary>One beat. Separate from the timer, so that a test can move the clock by hand.</summary>
    internal void OnBeat()
    {
        bool clockWasSet = ClockWasSet();
        bool bundleChanged = false;
        if (clockWasSet || _time.GetUtcNow() >= _authority.NextChange) bundleChanged = _authority.Advance();
        if (bundleChanged) LogBundle(_authority.Bundle.Sequence ?? 0);
        bool crlsChanged = (bundleChanged || _issuance.Crls.IsDue) && PublishCrls();
        if (clockWasSet || bundleChanged || crlsChanged) _issuance.WakeStreams();
        _issuance.Revocations.Sweep();
        RetireEntries();
        _issuance.Sweep();
        _issuance.Tasks.OnBeat();
        _memory.OnBeat(_issuance.Counters.OpenStreams);
    }

    /// <summary>Standing access stops at its review date.</summary>
    private void RetireEntries()
    {
        DateTimeOffset now = _time.GetUtcNow();
        if (!(_entries.Current.FirstEnd <= now)) return;
        foreach (Entry ended in _entries.Current.Entries.Where(entry => entry.EndsAt <= now)) _issuance.Journal.Write(new StandingEntry(ended.Id.Text, ended.Name) { At = now });
        _entries.Change(current => new EntrySnapshot(current.Entries.Where(entry => !(entry.EndsAt <= now))));
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(Beat, _time);
        while (await timer.WaitForNextTickAsync(cancellationToken)) OnBeat();
    }

    private async Task WatchEntriesAsync(CancellationToken cancellationToken)
    {
        long seen = _entries.Version;
        while (true)
        {
            seen = await _entries.WaitForChangeAsync(seen, cancellationToken);
            LogEntries(_entries.Current.Count, seen);
            _issuance.WakeStreams();
        }
    }

    /// <summary>A certificate that dies is in every open stream at once, and those that die soon after it together.</summary>
    private async Task WatchRevocationsAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed = _issuance.Revocations.Changed.Next;
            if (PublishCrls())
            {
                _issuance.WakeStreams();
                await Task.Delay(CrlPublisher.PaceFor(_issuance.Counters.OpenStreams), _time, cancellationToken);
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private bool PublishCrls()
    {
        bool wasWithheld = _issuance.Crls.IsWithheld;
        bool changed = _issuance.Crls.Publish();
        if (_issuance.Crls.IsWithheld && !wasWithheld) LogCrlsWithheld(CrlPublisher.MaxStreamedBytes);
        return changed;
    }

    /// <summary>Certificates live by the wall clock, timers by uptime: when the two part, what is due must be worked out anew.</summary>
    private bool ClockWasSet()
    {
        DateTimeOffset wall = _time.GetUtcNow();
        long uptime = _time.GetTimestamp();
        TimeSpan step = wall - _wall - _time.GetElapsedTime(_uptime, uptime);
        (_wall, _uptime) = (wall, uptime);
        if (step.Duration() < ClockStep) return false;
        LogClock(step);
        _issuance.Journal.Write(new ClockEntry(step) { At = wall });
        return true;
    }
}
