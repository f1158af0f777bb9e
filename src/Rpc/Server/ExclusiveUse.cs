namespace Spiffe.Agent.Rpc.Server;

/// <summary>One user at a time, and none after the end. Kestrel reuses the pipes of a finished call for the next one, perhaps another caller's,
/// so nobody may hold on to them: the end waits until the last user has left.</summary>
internal sealed class ExclusiveUse
{
    private const int Free = 0;
    private const int Used = 1;
    private const int Ending = 2;
    private const int Ended = 3;

    private int _state;
    private TaskCompletionSource? _left;

    /// <exception cref="InvalidOperationException">Somebody else is at it, or the call has ended.</exception>
    public void Enter()
    {
        int was = Interlocked.CompareExchange(ref _state, Used, Free);
        if (was == Free) return;
        throw new InvalidOperationException(was == Used ? "the previous read or write is still under way" : "the call has ended");
    }

    public void Leave()
    {
        if (Interlocked.CompareExchange(ref _state, Free, Used) == Used) return;
        Volatile.Write(ref _state, Ended);
        _left!.SetResult();
    }

    /// <summary>Lets nobody in any more. True when nobody is in; else <paramref name="left"/> completes when the last one has left.</summary>
    public bool TryEnd(out Task left)
    {
        left = Task.CompletedTask;
        if (Interlocked.CompareExchange(ref _state, Ended, Free) is Free or Ended) return true;
        _left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        left = _left.Task;
        if (Interlocked.CompareExchange(ref _state, Ending, Used) == Used) return false;
        Volatile.Write(ref _state, Ended);
        return true;
    }
}
