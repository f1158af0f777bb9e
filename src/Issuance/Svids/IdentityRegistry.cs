using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Issuance.Svids;

/// <summary>Every identity that some workload holds now, each once. Bounded by what callers hold: the last one to let go closes it.</summary>
internal sealed class IdentityRegistry(SvidMint mint, TimeProvider time)
{
    private readonly Lock _gate = new(); // Guards _held.
    private readonly Dictionary<IdentityKey, Holding> _held = [];

    public int Count
    {
        get
        {
            lock (_gate) return _held.Count;
        }
    }

    /// <summary>The identity of a grant. Each call is matched by one <see cref="Release"/>.</summary>
    public IssuedIdentity Acquire(Grant grant)
    {
        IdentityKey key = IdentityKey.Of(grant);
        lock (_gate)
        {
            if (!_held.TryGetValue(key, out Holding? holding)) _held[key] = holding = new Holding(new IssuedIdentity(grant, mint, time));
            holding.Holders++;
            return holding.Identity;
        }
    }

    public void Release(Grant grant)
    {
        IdentityKey key = IdentityKey.Of(grant);
        lock (_gate)
        {
            Holding holding = _held[key];
            if (--holding.Holders > 0) return;
            _held.Remove(key);
            holding.Identity.Dispose();
        }
    }

    private sealed class Holding(IssuedIdentity identity)
    {
        public IssuedIdentity Identity => identity;

        public int Holders { get; set; }
    }
}
