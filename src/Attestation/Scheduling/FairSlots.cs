namespace Spiffe.Agent.Attestation.Scheduling;

/// <summary>So many questions to services at one time, so many of one user; the others wait their turn (<see cref="FairQueue{T}"/>).</summary>
/// <remarks>A service that hangs is felt by the users who need it and by nobody else.</remarks>
internal sealed class FairSlots
{
    /// <summary>Ours: a process rarely asks for more than a few identities at once.</summary>
    internal const int MaxWaitingPerProcess = 16;

    /// <summary>Ours: 16 rounds of the default number of slots.</summary>
    internal const int MaxWaitingPerUser = 64;

    /// <summary>Ours: each costs some 300 bytes.</summary>
    internal const int MaxWaiting = 16 * 1024;

    private readonly Lock _gate = new(); // Guards all below.
    private readonly FairQueue<TaskCompletionSource<bool>> _waiting;
    private readonly Dictionary<uint, int> _usedBy = [];
    private readonly int _count;
    private readonly int _perUser;
    private readonly Func<uint, bool> _mayTake;
    private int _used;

    internal FairSlots(int count, int perUser, int maxWaitingPerUser = MaxWaitingPerUser)
    {
        _waiting = new FairQueue<TaskCompletionSource<bool>>(MaxWaitingPerProcess, maxWaitingPerUser, MaxWaiting);
        _count = count;
        _perUser = perUser;
        _mayTake = user => _usedBy.GetValueOrDefault(user) < _perUser;
    }

    /// <summary>Waits for a slot; it is given back with <see cref="Give"/>. False, at once, when there is no room to wait.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    internal ValueTask<bool> TakeAsync(Beneficiary who, CancellationToken cancellationToken)
    {
        TaskCompletionSource<bool> turn;
        lock (_gate)
        {
            if (_used < _count && _mayTake(who.UserId))
            {
                Use(who.UserId);
                return new ValueTask<bool>(true);
            }

            turn = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!_waiting.TryAdd(who, turn)) return new ValueTask<bool>(false);
        }

        return WaitAsync(turn, cancellationToken);
    }

    /// <summary>Gives a slot back to whose turn it is.</summary>
    internal void Give(uint userId)
    {
        lock (_gate)
        {
            _used--;
            if (_usedBy[userId] == 1) _usedBy.Remove(userId);
            else _usedBy[userId]--;
            while (_used < _count && _waiting.TryTake(_mayTake, out Beneficiary who, out TaskCompletionSource<bool>? turn))
            {
                if (turn.TrySetResult(true)) Use(who.UserId); // Otherwise it was not waited for any more.
            }
        }
    }

    private static async ValueTask<bool> WaitAsync(TaskCompletionSource<bool> turn, CancellationToken cancellationToken)
    {
        await using CancellationTokenRegistration gone = cancellationToken.UnsafeRegister(static (t, token) => ((TaskCompletionSource<bool>)t!).TrySetCanceled(token), turn);
        return await turn.Task;
    }

    private void Use(uint userId)
    {
        _used++;
        _usedBy[userId] = _usedBy.GetValueOrDefault(userId) + 1;
    }
}
