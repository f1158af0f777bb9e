namespace Spiffe.Agent.Authority.Rotation;

/// <summary>The keys of one use: the one that signs, the next one, and those whose SVIDs are still out. Immutable.</summary>
internal sealed record KeyRing<TKey>(TKey Active, TKey? Prepared, IReadOnlyList<TKey> Old)
    where TKey : IssuingKey
{
    /// <summary>Most old keys that are kept. Ours: more come only from forced rotations, which are refused beyond it.</summary>
    public const int MaxOld = 16;

    // How long an old key stays published behind the expiry of its last SVID: the leeway that validators give, several times over.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);

    /// <summary>Every key that the bundle must show.</summary>
    public IEnumerable<TKey> All => Prepared is null ? [Active, .. Old] : [Active, Prepared, .. Old];

    /// <summary>Whether another forced rotation would have to drop a key whose SVIDs are still out.</summary>
    public bool IsFull => Old.Count >= MaxOld;

    /// <summary>The next moment at which <see cref="Advance"/> has work.</summary>
    public DateTimeOffset NextChange
    {
        get
        {
            DateTimeOffset next = RotationSchedule.NextChange(Active.Period, Prepared?.Period);
            foreach (TKey key in Old)
            {
                if (GoneAt(key) < next) next = GoneAt(key);
            }

            return next;
        }
    }

    /// <summary>Everything that is due; the same ring when nothing is. Keys that left it are the caller's to retire.</summary>
    public KeyRing<TKey> Advance(DateTimeOffset now, Func<DateTimeOffset, TKey> create)
    {
        KeyRing<TKey> ring = WithoutGone(now);
        while (true)
        {
            switch (RotationSchedule.Next(now, ring.Active.Period, ring.Prepared?.Period))
            {
                case RotationStep.Prepare:
                    ring = ring with { Prepared = create(now) };
                    break;
                case RotationStep.Activate:
                    ring = ring.Succeed(ring.Prepared!, now);
                    break;
                case RotationStep.Replace:
                    ring = ring.Succeed(create(now), now);
                    break;
                default:
                    return ring;
            }
        }
    }

    /// <summary>Signs with another key from now on, the prepared one if there is one that can be used.</summary>
    public KeyRing<TKey> Rotate(DateTimeOffset now, Func<DateTimeOffset, TKey> create) =>
        WithoutGone(now).Succeed(Prepared?.Period.Contains(now) == true ? Prepared : create(now), now);

    private static DateTimeOffset GoneAt(TKey key)
    {
        DateTimeOffset demoted = key.DemotedAt!.Value;
        return (key.LastExpiry > demoted ? key.LastExpiry.Value : demoted) + Grace;
    }

    private KeyRing<TKey> Succeed(TKey next, DateTimeOffset now)
    {
        Active.Demote(now);
        return new KeyRing<TKey>(next, Prepared: null, [Active, .. Old.Take(MaxOld)]);
    }

    private KeyRing<TKey> WithoutGone(DateTimeOffset now) =>
        Old.Any(key => GoneAt(key) <= now) ? this with { Old = [.. Old.Where(key => GoneAt(key) > now)] } : this;
}
