using System.Collections.Immutable;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Issuance.Svids;

/// <summary>An identity that an entry grants, for as long as the entry counts.</summary>
internal sealed class EntryEntitlement(Grant grant, TimeProvider time) : Entitlement(grant.Id, grant.Entry.Hint ?? "")
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>For standing access whose entry names no lifetime. Ours.</summary>
    private static readonly TimeSpan MaxStanding = TimeSpan.FromHours(1);

    public override object Key { get; } = IdentityKey.Of(grant);

    public override ImmutableArray<string> DnsNames => grant.Entry.DnsNames;

    public override string Source => grant.Entry.Name;

    public override bool WritesDown => false;

    public override SvidTerms? Terms(SvidKind kind, IReadOnlyList<string> audiences)
    {
        TimeSpan? ttl = kind switch
        {
            SvidKind.X509 => grant.Entry.X509Ttl,
            SvidKind.Jwt => grant.Entry.JwtTtl,
            _ => grant.Entry.WitTtl,
        };
        if (grant.Entry.EndsAt is { } end)
        {
            // Standing access has a lifetime of its own for each kind, so that a default cannot pass its end.
            TimeSpan left = end - time.GetUtcNow();
            if (left < Shortest) return null;
            if (ttl is null || left < ttl) ttl = left < MaxStanding ? left : MaxStanding;
        }

        return new SvidTerms(ttl, [], null);
    }

    public override Leaving Leaves(SvidKind kind, SvidTerms terms, SignedSvid signed) => Leaving.Yes;
}
