using System.Collections.Immutable;
using Spiffe.Agent.Issuance.Svids;

namespace Spiffe.Agent.Issuance.Workloads;

/// <summary>The current answer of one kind for one workload: built when asked for, rebuilt when one of its SVIDs is due, shared by all of its streams.</summary>
internal sealed class SvidFeed<TSvid>(
    Func<IssuedIdentity, Rotating<TSvid>> select,
    Func<ImmutableArray<Presented<TSvid>>, byte[]> encode,
    TimeProvider time)
    where TSvid : class, IDisposable
{
    private Shared<Answer>? _current;
    private DateTimeOffset _builtAt;

    /// <summary>When the current answer is due; null when nobody has asked yet.</summary>
    public DateTimeOffset? FreshUntil => _current?.Value.FreshUntil;

    /// <summary>Becomes a holder of the current answer, who releases it; null when nothing may be signed any more. The caller holds the workload's lock while in here.</summary>
    public Shared<Answer>? Hold(ImmutableArray<Entitlement> entitlements, IReadOnlyList<IssuedIdentity> identities)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (_current is null || now >= _current.Value.FreshUntil || now < _builtAt)
        {
            Answer? built = Build(entitlements, identities);
            Drop();
            _current = built is null ? null : new Shared<Answer>(built);
            _builtAt = now;
        }

        _current?.TryHold();
        return _current;
    }

    /// <summary>Forgets the current answer: something in it changed. Streams that still write it keep it until they are done.</summary>
    public void Drop()
    {
        _current?.Release();
        _current = null;
    }

    private Answer? Build(ImmutableArray<Entitlement> entitlements, IReadOnlyList<IssuedIdentity> identities)
    {
        List<Shared<TSvid>> held = new(entitlements.Length);
        try
        {
            ImmutableArray<Presented<TSvid>>.Builder presented = ImmutableArray.CreateBuilder<Presented<TSvid>>(entitlements.Length);
            DateTimeOffset freshUntil = DateTimeOffset.MaxValue;
            for (int i = 0; i < entitlements.Length; i++)
            {
                if (select(identities[i]).Hold(out DateTimeOffset rotateAt) is not { } svid) continue; // A task that is ending; whoever waits is told in a moment.
                held.Add(svid);
                presented.Add(new Presented<TSvid>(entitlements[i].Id, svid.Value, entitlements[i].Hint));
                if (rotateAt < freshUntil) freshUntil = rotateAt;
            }

            return presented.Count == 0 ? null : new Answer(encode(presented.DrainToImmutable()), freshUntil);
        }
        finally
        {
            foreach (Shared<TSvid> svid in held) svid.Release();
        }
    }
}
