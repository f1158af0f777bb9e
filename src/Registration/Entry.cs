using System.Collections.Immutable;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Registration;

/// <summary>One rule of the operator: whoever holds all of these selectors earns this identity. Immutable.</summary>
public sealed class Entry
{
    /// <exception cref="ArgumentException">There is no selector: such an entry would describe every caller.</exception>
    public Entry(IdTemplate id, SelectorSet selectors, EntryOrigin origin)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(selectors);
        ArgumentNullException.ThrowIfNull(origin);
        if (selectors.Count == 0) throw new ArgumentException("an entry without selectors would describe every caller", nameof(selectors));
        Id = id;
        Selectors = selectors;
        Origin = origin;
    }

    /// <summary>Names the entry to people and tools: follows from <see cref="Id"/> and <see cref="Selectors"/> alone, so it survives restarts and reordering.</summary>
    public string Name => field ??= EntryName.Of(Id, Selectors);

    /// <summary>The identity that is earned.</summary>
    public IdTemplate Id { get; }

    /// <summary>What a caller must hold: all of them, at least one.</summary>
    public SelectorSet Selectors { get; }

    /// <summary>Where the entry was written.</summary>
    public EntryOrigin Origin { get; }

    /// <summary>Lifetime of X509-SVIDs; the authority's default when unset.</summary>
    public TimeSpan? X509Ttl { get; init; }

    /// <summary>Lifetime of JWT-SVIDs; the authority's default when unset.</summary>
    public TimeSpan? JwtTtl { get; init; }

    /// <summary>Lifetime of WIT-SVIDs; the authority's default when unset.</summary>
    public TimeSpan? WitTtl { get; init; }

    /// <summary>DNS names of the X509-SVID, in the order written.</summary>
    public ImmutableArray<string> DnsNames { get; init; } = [];

    /// <summary>The operator's word to the workload about the use of this identity; at most 1024 bytes of UTF-8. Workload API §8.</summary>
    public string? Hint { get; init; }

    /// <summary>Higher comes first; the first of a caller's identities is its default one (Workload API §8). 0 when unset.</summary>
    public int Priority { get; init; }

    /// <summary>When it stops to count, by itself: standing access has a review date. Null: never.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    public override string ToString() => $"{Id} ← {Selectors} ({Origin})";
}
