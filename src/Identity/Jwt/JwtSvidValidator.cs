using System.Text.Json;
using Spiffe.Agent.Identity.Bundles;

namespace Spiffe.Agent.Identity.Jwt;

/// <summary>Decides whether a text is a JWT-SVID for one audience, by the keys of its own trust domain and no others. JWT-SVID §2–§4.</summary>
/// <remarks>
/// What is cheap to refuse is refused before any cryptography. The algorithm comes from a list of nine, the key from the bundle of the trust domain
/// in <c>sub</c> by <c>kid</c>, and the key says which algorithms it can be used with; neither <c>jwk</c>, <c>jku</c> nor <c>x5c</c> can bring a key along.
/// A token without <c>kid</c>, which §2.2 permits, is tried against each JWT key of that bundle that fits its algorithm.
/// </remarks>
public static class JwtSvidValidator
{
    /// <summary>How far clocks may disagree when nothing else is said. Ours, and SPIRE's: one minute.</summary>
    public static TimeSpan DefaultLeeway { get; } = TimeSpan.FromMinutes(1);

    /// <param name="token">The token as it was presented.</param>
    /// <param name="audience">The value that the validating party identifies with; compared as it is.</param>
    /// <param name="bundles">The trust domains that are trusted, each with its own keys.</param>
    /// <param name="now">The time by the wall clock.</param>
    /// <param name="leeway">How long after <c>exp</c>, and before <c>nbf</c> or <c>iat</c>, a token is still accepted; else <see cref="DefaultLeeway"/>.</param>
    public static JwtSvidValidation Validate(string token, string audience, BundleSet bundles, DateTimeOffset now, TimeSpan? leeway = null)
    {
        ArgumentNullException.ThrowIfNull(token);
        ArgumentException.ThrowIfNullOrEmpty(audience);
        ArgumentNullException.ThrowIfNull(bundles);
        TimeSpan slack = leeway ?? DefaultLeeway;
        ArgumentOutOfRangeException.ThrowIfLessThan(slack, TimeSpan.Zero, nameof(leeway));
        if (token.Length > CompactJws.MaxLength) return JwtSvidValidation.Refused(TokenRule.TooLong);
        if (!CompactJws.TryParse(token, out CompactJws jws)) return JwtSvidValidation.Refused(TokenRule.NotCompact);
        using (jws)
        {
            TokenRule broken = JoseHeader.TryParse(jws.Header, out JoseHeader header);
            if (broken == TokenRule.None) broken = CheckHeader(header);
            if (broken != TokenRule.None) return JwtSvidValidation.Refused(broken);
            if (!StrictJson.TryParseObject(jws.Payload, out JsonDocument? document)) return JwtSvidValidation.Refused(TokenRule.ClaimsMalformed);
            using (document)
            {
                broken = TokenClaims.TryRead(document.RootElement, out TokenClaims? claims);
                if (broken == TokenRule.None) broken = CheckAudience(claims!, audience);
                if (broken == TokenRule.None) broken = CheckTime(claims!, now, slack);
                if (broken != TokenRule.None) return JwtSvidValidation.Refused(broken);

                // Workload API §6.3: the bundle of the subject's trust domain; without one the token is untrusted.
                if (!bundles.TryGet(claims!.Id.TrustDomain, out TrustBundle? bundle)) return JwtSvidValidation.Refused(TokenRule.TrustDomainUnknown);
                broken = SigningKeySearch.TryFind(bundle.JwtKeys, header, jws, out JwsPublicKey? key);
                return broken == TokenRule.None ? JwtSvidValidation.Valid(Describe(token, claims, key!, jws)) : JwtSvidValidation.Refused(broken);
            }
        }
    }

    private static TokenRule CheckHeader(JoseHeader header)
    {
        if (header.HasOtherMembers) return TokenRule.HeaderNotAllowed; // §2
        return header.Type is null or "JWT" or "JOSE" ? TokenRule.None : TokenRule.TypeNotAllowed; // §2.3
    }

    // §3.2
    private static TokenRule CheckAudience(TokenClaims claims, string audience)
    {
        if (claims.Audience is null or []) return TokenRule.AudienceMissing;
        return claims.Audience.AsSpan().Contains(audience) ? TokenRule.None : TokenRule.AudienceMismatch;
    }

    // §3.3; RFC 7519 §4.1.4: "on or after" exp it is over.
    private static TokenRule CheckTime(TokenClaims claims, DateTimeOffset now, TimeSpan leeway)
    {
        if (claims.ExpiresAt is not { } expiresAt) return TokenRule.ExpiryMissing;
        if (now - expiresAt >= leeway) return TokenRule.Expired;
        if (claims.NotBefore - now > leeway) return TokenRule.NotYetValid;
        return claims.IssuedAt - now > leeway ? TokenRule.IssuedInFuture : TokenRule.None;
    }

    private static JwtSvid Describe(string token, TokenClaims claims, JwsPublicKey key, CompactJws jws) => new()
    {
        Id = claims.Id,
        Token = token,
        Audience = claims.Audience!,
        ExpiresAt = claims.ExpiresAt!.Value,
        IssuedAt = claims.IssuedAt,
        TokenId = claims.TokenId,
        KeyId = key.KeyId,
        Claims = jws.Payload.ToArray(),
    };
}
