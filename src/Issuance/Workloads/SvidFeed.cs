using System.Collections.Immutable;
using Spiffe.Agent.Issuance.Svids;
using Spiffe.Agent.Registration;

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

    /// <summary>Becomes a holder of the current answer. The caller releases it, and holds the workload's lock while in here.</summary>
    public Shared<Answer> Hold(ImmutableArray<Grant> grants, IReadOnlyList<IssuedIdentity> identities)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (_current is null || now >= _current.Value.FreshUntil || now < _builtAt)
        {
            Shared<Answer> built = new(Build(grants, identities));
            Drop();
            _current = built;
            _builtAt = now;
        }

        _current.TryHold();
        return _current;
    }

    /// <summary>Forgets the current answer: something in it changed. Streams that still write it keep it until they are done.</summary>
    public void Drop()
    {
        _current?.Release();
        _current = null;
    }

    private Answer Build(ImmutableArray<Grant> grants, IReadOnlyList<IssuedIdentity> identities)
    {
        List<Shared<TSvid>> held = new(grants.Length);
        try
        {
            ImmutableArray<Presented<TSvid>>.Builder presented = ImmutableArray.CreateBuilder<Presented<TSvid>>(grants.Length);
            DateTimeOffset freshUntil = DateTimeOffset.MaxValue;
            for (int i = 0; i < grants.Length; i++)
            {
                Shared<TSvid> svid = select(identities[i]).Hold(out DateTimeOffset rotateAt);
                held.Add(svid);
                presented.Add(new Presented<TSvid>(grants[i].Id, svid.Value, grants[i].Entry.Hint ?? ""));
                if (rotateAt < freshUntil) freshUntil = rotateAt;
            }

            return new Answer(encode(presented.MoveToImmutable()), freshUntil);
        }
        finally
        {
            foreach (Shared<TSvid> svid in held) svid.Release();
        }
    }
}
