namespace Spiffe.Agent.Issuance;

/// <summary>One secret with several holders: disposed, and so zeroed, when the last of them lets go.</summary>
/// <remarks>Whoever creates it is the first holder. A holder may use <see cref="Value"/> until its own <see cref="Release"/> and not after.</remarks>
public sealed class Shared<T>(T value)
    where T : class, IDisposable
{
    private int _holders = 1;

    /// <summary>The secret. Only for holders.</summary>
    public T Value { get; } = value;

    /// <summary>Becomes one more holder; false when the last one has already let go.</summary>
    public bool TryHold()
    {
        int holders = Volatile.Read(ref _holders);
        while (holders > 0)
        {
            int seen = Interlocked.CompareExchange(ref _holders, holders + 1, holders);
            if (seen == holders) return true;
            holders = seen;
        }

        return false;
    }

    /// <summary>Lets go. Once for each <see cref="TryHold"/> that succeeded, and once for the creator.</summary>
    public void Release()
    {
        int left = Interlocked.Decrement(ref _holders);
        if (left == 0) Value.Dispose();
        else if (left < 0) throw new InvalidOperationException("released more often than held");
    }
}
