using Spiffe.Agent.Identity;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Issuance.Svids;

/// <summary>What makes two SVIDs interchangeable: everything of a grant that ends up inside them. A reload that changes none of it keeps them.</summary>
internal readonly record struct IdentityKey(SpiffeId Id, TimeSpan? X509Ttl, TimeSpan? JwtTtl, TimeSpan? WitTtl, string DnsNames, DateTimeOffset? EndsAt)
{
    public static IdentityKey Of(Grant grant) =>
        new(grant.Id, grant.Entry.X509Ttl, grant.Entry.JwtTtl, grant.Entry.WitTtl, grant.Entry.DnsNames.IsEmpty ? "" : string.Join(' ', grant.Entry.DnsNames), grant.Entry.EndsAt);
}
