namespace Spiffe.Agent.Identity.Jwt;

/// <summary>A WIT-SVID that was signed here, or that passed <see cref="WitSvidValidator"/>.</summary>
/// <remarks>
/// It authenticates nobody by itself: a WIT-SVID must not be accepted without a proof of possession of <see cref="HolderKey"/>, must not be used as
/// a bearer token, and must not travel in an HTTP <c>Authorization</c> header (WIT-SVID §4, §5, §7.1).
/// </remarks>
public sealed class WitSvid : IDisposable
{
    /// <summary>The SPIFFE ID in <c>sub</c>; it has a path (WIT-SVID §3.1).</summary>
    public required SpiffeId Id { get; init; }

    /// <summary>The token, JWS compact serialization (§1).</summary>
    public required string Token { get; init; }

    /// <summary>The workload's public key, from <c>cnf.jwk</c> (§3.2).</summary>
    public required JwsPublicKey HolderKey { get; init; }

    /// <summary>The workload's private key as a JWK (RFC 7517), UTF-8: set when the token was signed here, absent when it was received.</summary>
    public SecretBytes? PrivateKeyJwk { get; init; }

    /// <summary>The moment from which it must not be accepted any more (§3.4).</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it says that it was issued, if it does: for audit, never a bound on validity (§3.6).</summary>
    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary><c>jti</c>, if there is one: for audit, never for replay protection (§3.3).</summary>
    public string? TokenId { get; init; }

    /// <summary><c>kid</c> of the key that signed it (§2.1).</summary>
    public required string KeyId { get; init; }

    /// <summary>Every claim, as the JSON object that was signed: UTF-8, no duplicate names.</summary>
    public required ReadOnlyMemory<byte> Claims { get; init; }

    /// <summary>Whether a token's header names it a WIT-SVID (§2.2): which validator to ask, and nothing more.</summary>
    public static bool IsNamedOne(string token)
    {
        if (!CompactJws.TryParse(token, out CompactJws jws)) return false;
        using (jws) return JoseHeader.TryParse(jws.Header, out JoseHeader header) == TokenRule.None && string.Equals(header.Type, "wit+jwt", StringComparison.Ordinal);
    }

    public void Dispose() => PrivateKeyJwk?.Dispose();

    public override string ToString() => $"WIT-SVID {Id} [redacted]";
}
