using Microsoft.Extensions.Logging;
using Spiffe.Agent.Authority;
using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Identity.X509;

namespace Spiffe.Agent.Issuance.Svids;

/// <summary>The only place that asks the authority to sign. What is signed is counted and logged without its secret; null where nothing may be signed any more.</summary>
internal sealed partial class SvidMint(EmbeddedAuthority authority, IssuanceCounters counters, ILogger<IssuanceService> log)
{
    public X509Svid? SignX509(Entitlement entitlement)
    {
        if (entitlement.Terms(SvidKind.X509, []) is not { } terms) return null;
        X509Svid svid = authority.SignX509(new X509SvidRequest { Id = entitlement.Id, Ttl = terms.Ttl, DnsNames = entitlement.DnsNames });
        if (!entitlement.Leaves(SvidKind.X509, terms, new SignedSvid(svid.SerialNumber, svid.NotAfter, svid.Certificate.IssuerKeyId)))
        {
            svid.Dispose();
            return null;
        }

        counters.X509Issued();
        LogX509(entitlement.Id, entitlement.Source, svid.SerialNumber, svid.NotAfter);
        return svid;
    }

    public JwtSvid? SignJwt(Entitlement entitlement, IReadOnlyList<string> audiences)
    {
        if (entitlement.Terms(SvidKind.Jwt, audiences) is not { } terms) return null;
        JwtSvid svid = authority.SignJwt(new JwtSvidRequest { Id = entitlement.Id, Audience = audiences, Ttl = terms.Ttl, Claims = terms.Claims });
        if (!entitlement.Leaves(SvidKind.Jwt, terms, new SignedSvid(svid.TokenId!, svid.ExpiresAt, ""))) return null;
        counters.JwtIssued();
        LogJwt(entitlement.Id, entitlement.Source, svid.TokenId, svid.ExpiresAt);
        return svid;
    }

    public WitSvid? SignWit(Entitlement entitlement)
    {
        if (entitlement.Terms(SvidKind.Wit, []) is not { } terms) return null;
        WitSvid svid = authority.SignWit(new WitSvidRequest { Id = entitlement.Id, Ttl = terms.Ttl, Claims = terms.Claims });
        if (!entitlement.Leaves(SvidKind.Wit, terms, new SignedSvid(svid.TokenId!, svid.ExpiresAt, "")))
        {
            svid.Dispose();
            return null;
        }

        counters.WitIssued();
        LogWit(entitlement.Id, entitlement.Source, svid.TokenId, svid.ExpiresAt);
        return svid;
    }
}
