using System.Text.Json;

namespace Spiffe.Agent.Identity.Jwt;

/// <summary>The registered claims (RFC 7519 §4.1), each of the right type or absent.</summary>
internal sealed record TokenClaims
{
    public required SpiffeId Id { get; init; }

    /// <summary><see langword="null"/> when there is no <c>aud</c>; a single text is an array of one.</summary>
    public required string[]? Audience { get; init; }

    public DateTimeOffset? ExpiresAt { get; private set; }

    public DateTimeOffset? NotBefore { get; private set; }

    public DateTimeOffset? IssuedAt { get; private set; }

    public string? TokenId { get; private init; }

    public static TokenRule TryRead(JsonElement root, out TokenClaims? claims)
    {
        claims = null;
        if (root.Text("sub") is not { } subject || !SpiffeId.TryParse(subject, out SpiffeId? id, out _)) return TokenRule.SubjectNotSpiffeId;
        if (id.IsTrustDomain) return TokenRule.SubjectWithoutPath;
        if (!ClaimReader.TryReadAudience(root, out string[]? audience)) return TokenRule.ClaimsMalformed;
        if (!ClaimReader.IsTextOrAbsent(root, "iss") || !ClaimReader.IsTextOrAbsent(root, "jti")) return TokenRule.ClaimsMalformed;

        TokenClaims read = new() { Id = id, Audience = audience, TokenId = root.Text("jti") };
        if (!ClaimReader.TryReadDate(root, "exp", out DateTimeOffset? expiresAt)
            || !ClaimReader.TryReadDate(root, "nbf", out DateTimeOffset? notBefore)
            || !ClaimReader.TryReadDate(root, "iat", out DateTimeOffset? issuedAt)) return TokenRule.ClaimsMalformed;
        (read.ExpiresAt, read.NotBefore, read.IssuedAt) = (expiresAt, notBefore, issuedAt);
        claims = read;
        return TokenRule.None;
    }
}
