using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Identity.X509;

namespace Spiffe.Agent.Issuance.Svids;

/// <summary>One identity with its live SVIDs of each kind, shared by every workload that earns it. Closed, and its keys zeroed, when none holds it.</summary>
internal sealed class IssuedIdentity : IDisposable
{
    public IssuedIdentity(Entitlement entitlement, SvidMint mint, TimeProvider time)
    {
        X509 = new Rotating<X509Svid>(last => mint.SignX509(entitlement, last?.SerialNumber ?? ""), svid => svid.NotAfter, time);
        Wit = new Rotating<WitSvid>(last => mint.SignWit(entitlement, last?.TokenId ?? ""), svid => svid.ExpiresAt, time);
        Jwt = new JwtCache(audiences => mint.SignJwt(entitlement, audiences).Svid, time);
    }

    public Rotating<X509Svid> X509 { get; }

    public Rotating<WitSvid> Wit { get; }

    public JwtCache Jwt { get; }

    public void Dispose()
    {
        X509.Close();
        Wit.Close();
        Jwt.Clear();
    }
}
