namespace Spiffe.Agent.Tests.TestKit.Time;

/// <summary>A clock and its timers, moved by hand. Fakes time and nothing else: what is due runs on the thread that moves the clock.</summary>
public sealed class ManualTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _wall = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private long _uptime;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return _wall;
    }

    public override long GetTimestamp()
    {
        lock (_gate) return _uptime;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ManualTimer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Time passes: wall clock and uptime move together, and every timer that is due runs, in order.</summary>
    public void Pass(TimeSpan by)
    {
        long until;
        lock (_gate) until = _uptime + by.Ticks;
        while (NextDue(until) is { } timer)
        {
            lock (_gate) MoveTo(timer.Due);
            timer.Run();
        }

        lock (_gate) MoveTo(until);
    }

    /// <summary>Somebody sets the clock: the wall clock jumps, uptime and timers do not.</summary>
    public void SetClock(TimeSpan by)
    {
        lock (_gate) _wall += by;
    }

    private ManualTimer? NextDue(long until)
    {
        lock (_gate) return _timers.Where(t => t.Due <= until).MinBy(t => t.Due);
    }

    private void MoveTo(long uptime)
    {
        _wall += TimeSpan.FromTicks(uptime - _uptime);
        _uptime = uptime;
    }

    private sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        public long Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                time._timers.Remove(this);
                _period = period;
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                Due = time._uptime + dueTime.Ticks;
                time._timers.Add(this);
                return true;
            }
        }

        public void Run()
        {
            lock (time._gate)
            {
                if (_period > TimeSpan.Zero) Due = time._uptime + _period.Ticks;
                else time._timers.Remove(this);
            }

            callback(state);
        }

        public void Dispose()
        {
            lock (time._gate) time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
