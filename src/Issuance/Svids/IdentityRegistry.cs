namespace Spiffe.Agent.Issuance.Svids;

/// <summary>Every identity that some workload holds now, each once. Bounded by what callers hold: the last one to let go closes it.</summary>
internal sealed class IdentityRegistry(SvidMint mint, TimeProvider time)
{
    private readonly Lock _gate = new(); // Guards _held.
    private readonly Dictionary<object, Holding> _held = [];

    public int Count
    {
        get
        {
            lock (_gate) return _held.Count;
        }
    }

    /// <summary>Raised when one was closed.</summary>
    public ChangeSignal Released { get; } = new();

    /// <summary>Whether somebody holds the identity of an entitlement.</summary>
    public bool IsHeld(Entitlement entitlement)
    {
        lock (_gate) return _held.ContainsKey(entitlement.Key);
    }

    /// <summary>The identity of an entitlement. Each call is matched by one <see cref="Release"/>.</summary>
    public IssuedIdentity Acquire(Entitlement entitlement)
    {
        lock (_gate)
        {
            if (!_held.TryGetValue(entitlement.Key, out Holding? holding)) _held[entitlement.Key] = holding = new Holding(new IssuedIdentity(entitlement, mint, time));
            holding.Holders++;
            return holding.Identity;
        }
    }

    public void Release(Entitlement entitlement)
    {
        lock (_gate)
        {
            Holding holding = _held[entitlement.Key];
            if (--holding.Holders > 0) return;
            _held.Remove(entitlement.Key);
            holding.Identity.Dispose();
        }

        Released.Raise();
    }

    private sealed class Holding(IssuedIdentity identity)
    {
        public IssuedIdentity Identity => identity;

        public int Holders { get; set; }
    }
}
