namespace Spiffe.Agent.Identity.Jwt;

/// <summary>A JWT-SVID that was signed here, or that passed <see cref="JwtSvidValidator"/>. A bearer token: it is a secret, and never printed.</summary>
public sealed class JwtSvid
{
    /// <summary>The SPIFFE ID in <c>sub</c>; it has a path (JWT-SVID §3.1).</summary>
    public required SpiffeId Id { get; init; }

    /// <summary>The token, JWS compact serialization (§5.1).</summary>
    public required string Token { get; init; }

    /// <summary>The values of <c>aud</c>: at least one (§3.2).</summary>
    public required IReadOnlyList<string> Audience { get; init; }

    /// <summary>The moment from which it must not be accepted any more (§3.3).</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it says that it was issued, if it does.</summary>
    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary><c>jti</c>, if there is one: how audit records name the token without showing it.</summary>
    public string? TokenId { get; init; }

    /// <summary><c>kid</c> of the key that signed it, as the bundle names it.</summary>
    public required string KeyId { get; init; }

    /// <summary>Every claim, as the JSON object that was signed: UTF-8, no duplicate names.</summary>
    public required ReadOnlyMemory<byte> Claims { get; init; }

    public override string ToString() => $"JWT-SVID {Id} [redacted]";
}
