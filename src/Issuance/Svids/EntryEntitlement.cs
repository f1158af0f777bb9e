using System.Collections.Immutable;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Issuance.Svids;

/// <summary>An identity that an entry grants, for as long as the entry counts.</summary>
internal sealed class EntryEntitlement(Grant grant) : Entitlement(grant.Id, grant.Entry.Hint ?? "")
{
    public override object Key { get; } = IdentityKey.Of(grant);

    public override ImmutableArray<string> DnsNames => grant.Entry.DnsNames;

    public override string Source => grant.Entry.Name;

    public override SvidTerms? Terms(SvidKind kind, IReadOnlyList<string> audiences) => new SvidTerms(
        kind switch
        {
            SvidKind.X509 => grant.Entry.X509Ttl,
            SvidKind.Jwt => grant.Entry.JwtTtl,
            _ => grant.Entry.WitTtl,
        },
        []);

    public override bool Leaves(SvidKind kind, string credentialId, DateTimeOffset expiresAt) => true;
}
