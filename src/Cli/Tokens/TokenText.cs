using System.Text.Json;
using Spiffe.Agent.Cli.Output;

namespace Spiffe.Agent.Cli.Tokens;

/// <summary>A token's header and claims for people.</summary>
internal static class TokenText
{
    /// <summary>Claims that have a line of their own.</summary>
    private static readonly string[] Told = ["aud", "exp", "iat", "iss", "jti", "sub", "cnf"];

    /// <summary>Who signed it and how, then its claims.</summary>
    public static void Write(TextPage page, TokenView token, DateTimeOffset now)
    {
        page.Field("signed with", string.Join(", ", new[] { TokenView.Text(token.Header, "alg"), KeyId(token.Header), TokenView.Text(token.Header, "typ") }.Where(t => t is not null)));
        WriteClaims(page, token, now);
    }

    /// <summary>Its claims: those that everybody knows by name first.</summary>
    public static void WriteClaims(TextPage page, TokenView token, DateTimeOffset now)
    {
        if (token.Audience.Count > 0) page.Field("audience", string.Join(", ", token.Audience));
        if (token.ExpiresAt is { } expiry) page.Field(expiry >= now ? "expires" : "expired", Moment.Relative(expiry, now));
        if (token.IssuedAt is { } issued) page.Field("issued", Moment.Relative(issued, now));
        Write(page, "issuer", TokenView.Text(token.Claims, "iss"));
        Write(page, "token id", TokenView.Text(token.Claims, "jti"));
        if (BoundKey(token.Claims) is { } bound) page.Field("bound to", bound);
        foreach (JsonProperty claim in token.Claims.EnumerateObject().Where(c => !Told.Contains(c.Name, StringComparer.Ordinal))) page.Field(claim.Name, claim.Value.GetRawText());
    }

    private static void Write(TextPage page, string label, string? value)
    {
        if (value is not null) page.Field(label, value);
    }

    private static string? KeyId(JsonElement header) => TokenView.Text(header, "kid") is { } kid ? $"key {kid}" : null;

    // RFC 7800 §3.2: the key whose possession must be proved.
    private static string? BoundKey(JsonElement claims) =>
        claims.TryGetProperty("cnf", out JsonElement cnf) && cnf.ValueKind == JsonValueKind.Object && cnf.TryGetProperty("jwk", out JsonElement jwk) && jwk.ValueKind == JsonValueKind.Object
            ? string.Join(' ', new[] { "a key that only this process has:", TokenView.Text(jwk, "kty"), TokenView.Text(jwk, "crv") }.Where(t => t is not null))
            : null;
}
