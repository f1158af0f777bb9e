namespace Spiffe.Agent.Issuance.Freshness;

/// <summary>Lets one in at a time and remembers that others came.</summary>
internal sealed class Turnstile
{
    private const int Free = 0;
    private const int Taken = 1;
    private const int TakenAndWanted = 2;

    private int _state;

    /// <summary>True for who may go in; the others' wish is remembered.</summary>
    public bool TryEnter()
    {
        while (true)
        {
            int seen = Volatile.Read(ref _state);
            if (Interlocked.CompareExchange(ref _state, seen == Free ? Taken : TakenAndWanted, seen) == seen) return seen == Free;
        }
    }

    /// <summary>True when who was in may leave; false when somebody came meanwhile, and it must be done once more.</summary>
    public bool TryLeave()
    {
        if (Interlocked.CompareExchange(ref _state, Free, Taken) == Taken) return true;
        Volatile.Write(ref _state, Taken);
        return false;
    }

    /// <summary>Leaves, whoever came.</summary>
    public void Leave() => Volatile.Write(ref _state, Free);
}
