namespace Spiffe.Agent.Issuance;

/// <summary>Wakes everyone who waits, once for each change. Take <see cref="Next"/> before reading the state, so that no change is missed.</summary>
public sealed class ChangeSignal
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes at the next change after this property was read.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Something changed: wakes all who wait.</summary>
    public void Raise() =>
        Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
