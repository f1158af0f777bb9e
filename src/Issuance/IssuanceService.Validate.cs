using Spiffe.Agent.Identity.Bundles;
using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Issuance.Svids;

namespace Spiffe.Agent.Issuance;

// Checking tokens for callers. Here, and not in the caller, so that what is revoked on this node can be refused on this node.
public sealed partial class IssuanceService
{
    private readonly ValidatedTokens _validated = new();
    private BundleSet? _trusted;

    /// <summary>Checks a JWT-SVID for one audience by the bundles that count now.</summary>
    public JwtSvidValidation ValidateJwt(string token, string audience)
    {
        BundleSet trusted = Trusted();
        DateTimeOffset now = _time.GetUtcNow();
        if (_validated.TryGet(token, audience, trusted, now, out JwtSvidValidation known)) return known;
        JwtSvidValidation answer = JwtSvidValidator.Validate(token, audience, trusted, now, _jwtLeeway);
        _validated.Add(token, audience, trusted, now, answer);
        return answer;
    }

    private BundleSet Trusted()
    {
        BundleSet? known = Volatile.Read(ref _trusted);
        TrustBundle own = _authority.Bundle;
        if (known is not null && ReferenceEquals(known.Own, own)) return known;
        BundleSet fresh = new(own);
        Volatile.Write(ref _trusted, fresh);
        return fresh;
    }
}
