using Microsoft.Extensions.Logging;
using Spiffe.Agent.Authority;
using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Identity.X509;
using Spiffe.Agent.Issuance.Journal;

namespace Spiffe.Agent.Issuance.Svids;

/// <summary>The only place that asks the authority to sign. What is signed is written down, counted and logged, all without its secret; what cannot be written down does not leave.</summary>
internal sealed partial class SvidMint(EmbeddedAuthority authority, IJournal journal, IssuanceCounters counters, TimeProvider time, ILogger<IssuanceService> log)
{
    /// <param name="entitlement">Whose it is.</param>
    /// <param name="replaces">Serial number of the one that it takes the place of; empty: there was none.</param>
    public Minted<X509Svid> SignX509(Entitlement entitlement, string replaces = "")
    {
        if (entitlement.Terms(SvidKind.X509, []) is not { } terms) return default;
        X509Svid svid = authority.SignX509(new X509SvidRequest { Id = entitlement.Id, Ttl = terms.Ttl, DnsNames = entitlement.DnsNames });
        Leaving leaving = Leave(entitlement, SvidKind.X509, terms, new SignedSvid(svid.SerialNumber, svid.NotAfter, svid.Certificate.IssuerKeyId) { Print = (prints, kind) => prints.OfPrivateKey(kind, svid.SerialNumber, svid.PrivateKey) }, replaces);
        if (leaving != Leaving.Yes)
        {
            svid.Dispose();
            return new Minted<X509Svid>(null, leaving == Leaving.Unrecorded);
        }

        counters.X509Issued();
        LogX509(entitlement.Id, entitlement.Source, svid.SerialNumber, svid.NotAfter);
        return new Minted<X509Svid>(svid);
    }

    /// <param name="entitlement">Whose it is.</param>
    /// <param name="audiences">Whom it is for.</param>
    public Minted<JwtSvid> SignJwt(Entitlement entitlement, IReadOnlyList<string> audiences)
    {
        if (entitlement.Terms(SvidKind.Jwt, audiences) is not { } terms) return default;
        JwtSvid svid = authority.SignJwt(new JwtSvidRequest { Id = entitlement.Id, Audience = audiences, Ttl = terms.Ttl, Claims = terms.Claims });
        Leaving leaving = Leave(entitlement, SvidKind.Jwt, terms, new SignedSvid(svid.TokenId!, svid.ExpiresAt, "") { Print = (prints, kind) => prints.OfToken(kind, svid.TokenId!, svid.Token) }, "");
        if (leaving != Leaving.Yes) return new Minted<JwtSvid>(null, leaving == Leaving.Unrecorded);
        counters.JwtIssued();
        LogJwt(entitlement.Id, entitlement.Source, svid.TokenId, svid.ExpiresAt);
        return new Minted<JwtSvid>(svid);
    }

    /// <param name="entitlement">Whose it is.</param>
    /// <param name="replaces">Token id of the one that it takes the place of; empty: there was none.</param>
    public Minted<WitSvid> SignWit(Entitlement entitlement, string replaces = "")
    {
        if (entitlement.Terms(SvidKind.Wit, []) is not { } terms) return default;
        WitSvid svid = authority.SignWit(new WitSvidRequest { Id = entitlement.Id, Ttl = terms.Ttl, Claims = terms.Claims });
        Leaving leaving = Leave(entitlement, SvidKind.Wit, terms, new SignedSvid(svid.TokenId!, svid.ExpiresAt, "") { Print = (prints, kind) => prints.OfTokenWithKey(kind, svid.TokenId!, svid.Token, svid.PrivateKeyJwk) }, replaces);
        if (leaving != Leaving.Yes)
        {
            svid.Dispose();
            return new Minted<WitSvid>(null, leaving == Leaving.Unrecorded);
        }

        counters.WitIssued();
        LogWit(entitlement.Id, entitlement.Source, svid.TokenId, svid.ExpiresAt);
        return new Minted<WitSvid>(svid);
    }

    private Leaving Leave(Entitlement entitlement, SvidKind kind, SvidTerms terms, SignedSvid signed, string replaces)
    {
        Leaving leaving = entitlement.Leaves(kind, terms, signed);
        if (leaving != Leaving.Yes || entitlement.WritesDown) return leaving;
        bool isWritten = journal.Write(new SvidEntry
        {
            At = time.GetUtcNow(),
            SpiffeId = entitlement.Id.ToString(),
            Kind = kind,
            CredentialId = signed.Id,
            ExpiresAt = signed.ExpiresAt,
            Source = entitlement.Source,
            Replaces = replaces,
        });
        return isWritten ? Leaving.Yes : Leaving.Unrecorded;
    }
}
