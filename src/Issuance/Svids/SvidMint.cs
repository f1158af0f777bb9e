using Microsoft.Extensions.Logging;
using Spiffe.Agent.Authority;
using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Identity.X509;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Issuance.Svids;

/// <summary>The only place that asks the authority to sign. What is signed is counted and logged without its secret.</summary>
internal sealed partial class SvidMint(EmbeddedAuthority authority, IssuanceCounters counters, ILogger<IssuanceService> log)
{
    public X509Svid SignX509(Grant grant)
    {
        X509Svid svid = authority.SignX509(new X509SvidRequest { Id = grant.Id, Ttl = grant.Entry.X509Ttl, DnsNames = grant.Entry.DnsNames });
        counters.X509Issued();
        LogX509(grant.Id, grant.Entry.Name, svid.SerialNumber, svid.NotAfter);
        return svid;
    }

    public JwtSvid SignJwt(Grant grant, IReadOnlyList<string> audiences)
    {
        JwtSvid svid = authority.SignJwt(new JwtSvidRequest { Id = grant.Id, Audience = audiences, Ttl = grant.Entry.JwtTtl });
        counters.JwtIssued();
        LogJwt(grant.Id, grant.Entry.Name, svid.TokenId, svid.ExpiresAt);
        return svid;
    }

    public WitSvid SignWit(Grant grant)
    {
        WitSvid svid = authority.SignWit(new WitSvidRequest { Id = grant.Id, Ttl = grant.Entry.WitTtl });
        counters.WitIssued();
        LogWit(grant.Id, grant.Entry.Name, svid.TokenId, svid.ExpiresAt);
        return svid;
    }
}
