using System.Text.Json;
using Spiffe.Agent.Identity.Bundles;

namespace Spiffe.Agent.Identity.Jwt;

/// <summary>Decides whether a text is a WIT-SVID, by the WIT keys of its own trust domain and no others. WIT-SVID §2–§4.</summary>
/// <remarks>A token that passes still proves nothing about who presents it: the caller must check a proof of possession of its holder key (§4, §7.1).</remarks>
public static class WitSvidValidator
{
    /// <param name="token">The token as it was presented.</param>
    /// <param name="bundles">The trust domains that are trusted, each with its own keys.</param>
    /// <param name="now">The time by the wall clock.</param>
    /// <param name="leeway">How long after <c>exp</c> a token is still accepted (§3.4); else one minute. <c>nbf</c> gets none (§3.5).</param>
    public static WitSvidValidation Validate(string token, BundleSet bundles, DateTimeOffset now, TimeSpan? leeway = null)
    {
        ArgumentNullException.ThrowIfNull(token);
        ArgumentNullException.ThrowIfNull(bundles);
        TimeSpan slack = leeway ?? JwtSvidValidator.DefaultLeeway;
        ArgumentOutOfRangeException.ThrowIfLessThan(slack, TimeSpan.Zero, nameof(leeway));
        if (token.Length > CompactJws.MaxLength) return WitSvidValidation.Refused(TokenRule.TooLong);
        if (!CompactJws.TryParse(token, out CompactJws jws)) return WitSvidValidation.Refused(TokenRule.NotCompact);
        using (jws)
        {
            TokenRule broken = JoseHeader.TryParse(jws.Header, out JoseHeader header);
            if (broken == TokenRule.None) broken = CheckHeader(header);
            if (broken != TokenRule.None) return WitSvidValidation.Refused(broken);
            if (!StrictJson.TryParseObject(jws.Payload, out JsonDocument? document)) return WitSvidValidation.Refused(TokenRule.ClaimsMalformed);
            using (document)
            {
                broken = TokenClaims.TryRead(document.RootElement, out TokenClaims? claims);
                if (broken == TokenRule.None && claims!.Audience is not null) broken = TokenRule.AudienceForbidden; // §3.8
                if (broken == TokenRule.None) broken = CheckTime(claims!, now, slack);
                if (broken != TokenRule.None) return WitSvidValidation.Refused(broken);
                if (!TryReadHolderKey(document.RootElement, out JwsPublicKey? holder)) return WitSvidValidation.Refused(TokenRule.ConfirmationKey);
                if (!bundles.TryGet(claims!.Id.TrustDomain, out TrustBundle? bundle)) return WitSvidValidation.Refused(TokenRule.TrustDomainUnknown);
                broken = SigningKeySearch.TryFind(bundle.WitKeys, header, jws, out JwsPublicKey? key);
                return broken == TokenRule.None ? WitSvidValidation.Valid(Describe(token, claims, holder!, key!, jws)) : WitSvidValidation.Refused(broken);
            }
        }
    }

    // §2.1, §2.2; members that are not known are ignored (§2.4), crit was refused while reading.
    private static TokenRule CheckHeader(JoseHeader header)
    {
        if (header.Type is not "wit+jwt") return TokenRule.TypeNotAllowed;
        return string.IsNullOrEmpty(header.KeyId) ? TokenRule.KeyIdMissing : TokenRule.None;
    }

    private static TokenRule CheckTime(TokenClaims claims, DateTimeOffset now, TimeSpan leeway)
    {
        if (claims.ExpiresAt is not { } expiresAt) return TokenRule.ExpiryMissing;
        if (now - expiresAt >= leeway) return TokenRule.Expired;
        return claims.NotBefore > now ? TokenRule.NotYetValid : TokenRule.None; // iat bounds nothing (§3.6)
    }

    // §3.2: a public key, with one of the nine algorithms, and one that fits it.
    private static bool TryReadHolderKey(JsonElement claims, out JwsPublicKey? key)
    {
        key = null;
        return claims.TryGetProperty("cnf", out JsonElement cnf)
            && cnf.ValueKind == JsonValueKind.Object
            && cnf.TryGetProperty("jwk", out JsonElement jwk)
            && JwkReader.TryRead(jwk, out key) == JwkFault.None
            && key!.Algorithm is not null;
    }

    private static WitSvid Describe(string token, TokenClaims claims, JwsPublicKey holder, JwsPublicKey key, CompactJws jws) => new()
    {
        Id = claims.Id,
        Token = token,
        HolderKey = holder,
        ExpiresAt = claims.ExpiresAt!.Value,
        IssuedAt = claims.IssuedAt,
        TokenId = claims.TokenId,
        KeyId = key.KeyId,
        Claims = jws.Payload.ToArray(),
    };
}
