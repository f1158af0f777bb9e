namespace Spiffe.Agent.Tests.Integration.Rpc;

/// <summary>Counts who is inside, and lets a test wait for a count.</summary>
internal sealed class Gauge
{
    private readonly Lock _lock = new();
    private readonly List<(int Wanted, TaskCompletionSource Reached)> _waiting = [];
    private int _inside;

    public int Highest { get; private set; }

    public IDisposable Enter()
    {
        Change(1);
        return new Exit(this);
    }

    public async Task UntilAsync(int wanted)
    {
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_inside == wanted) return;
            _waiting.Add((wanted, reached));
        }

        await reached.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    private void Change(int by)
    {
        lock (_lock)
        {
            _inside += by;
            Highest = Math.Max(Highest, _inside);
            foreach ((_, TaskCompletionSource reached) in _waiting.Where(w => w.Wanted == _inside)) reached.TrySetResult();
        }
    }

    private sealed class Exit(Gauge gauge) : IDisposable
    {
        public void Dispose() => gauge.Change(-1);
    }
}
