using Spiffe.Agent.Authority.Rotation;
using Spiffe.Agent.Authority.Tokens;
using Spiffe.Agent.Authority.X509;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Identity.Bundles;

namespace Spiffe.Agent.Authority;

/// <summary>All keys and the bundle that shows them, swapped as one: whoever signs with a key has already published it.</summary>
/// <remarks>The keys of status lists are not in the bundle: what they sign must never pass for an SVID. They have a JWK set of their own.</remarks>
internal sealed record AuthoritySnapshot(KeyRing<X509Issuer> X509, KeyRing<TokenIssuer> Jwt, KeyRing<TokenIssuer> Wit, KeyRing<TokenIssuer> Status, TrustBundle Bundle)
{
    private static readonly TimeSpan MinRefreshHint = TimeSpan.FromMinutes(1);

    /// <summary>Every key, for retiring those that a later snapshot does not hold any more.</summary>
    public IEnumerable<IssuingKey> Keys => [.. X509.All, .. Jwt.All, .. Wit.All, .. Status.All];

    /// <summary>The keys that may sign, now or next. A CA's old key signs no SVID any more, but what it signed can only be revoked by itself (RFC 5280 §5).</summary>
    public IEnumerable<IssuingKey> Live => [.. X509.All, .. Signing(Jwt), .. Signing(Wit), .. Signing(Status)];

    /// <summary>The keys that check status lists, as a JWK set (RFC 7517 §5).</summary>
    public ReadOnlyMemory<byte> StatusKeySet { get; } = JwkSet.Write(Status.All.Select(issuer => issuer.Key.PublicKey));

    public DateTimeOffset NextChange => new[] { X509.NextChange, Jwt.NextChange, Wit.NextChange, Status.NextChange }.Min();

    /// <summary>Publishes the keys of the rings. The refresh hint is a tenth of the CA's life, at least a minute, as SPIRE's.</summary>
    public static AuthoritySnapshot Of(
        TrustDomain trustDomain, KeyRing<X509Issuer> x509, KeyRing<TokenIssuer> jwt, KeyRing<TokenIssuer> wit, KeyRing<TokenIssuer> status, ulong sequence, TimeSpan caTtl)
    {
        TimeSpan hint = caTtl / 10;
        TrustBundle bundle = new(
            trustDomain,
            x509.All.Select(issuer => new ReadOnlyMemory<byte>(issuer.Certificate)),
            jwt.All.Select(issuer => issuer.Key.PublicKey),
            wit.All.Select(issuer => issuer.Key.PublicKey),
            sequence,
            hint < MinRefreshHint ? MinRefreshHint : hint);
        return new AuthoritySnapshot(x509, jwt, wit, status, bundle);
    }

    public IReadOnlyList<SigningKeyStatus> Describe() =>
        [.. Describe(X509, SigningKeyUse.X509), .. Describe(Jwt, SigningKeyUse.Jwt), .. Describe(Wit, SigningKeyUse.Wit)];

    private static IEnumerable<IssuingKey> Signing(KeyRing<TokenIssuer> ring) => ring.Prepared is null ? [ring.Active] : [ring.Active, ring.Prepared];

    private static IEnumerable<SigningKeyStatus> Describe<TKey>(KeyRing<TKey> ring, SigningKeyUse use)
        where TKey : IssuingKey =>
        ring.All.Select(key => new SigningKeyStatus(
            use,
            key.Name,
            key.Key.Type,
            key == ring.Active ? SigningKeyState.Active : key == ring.Prepared ? SigningKeyState.Prepared : SigningKeyState.Old,
            key.Period.NotBefore,
            key.Period.NotAfter,
            key.LastExpiry));
}
