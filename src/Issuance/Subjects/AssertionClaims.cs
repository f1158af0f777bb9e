using System.Globalization;
using System.Text.Json;
using Spiffe.Agent.Identity.Jwt;

namespace Spiffe.Agent.Issuance.Subjects;

/// <summary>The registered claims of an assertion, each of the right type and of bearable length.</summary>
internal sealed record AssertionClaims
{
    /// <summary>Longest <c>sub</c> and <c>jti</c>, in characters. Ours: OpenID Connect Core §2 allows 255, and CI systems that put branch names in exceed it.</summary>
    public const int MaxText = 1024;

    public required string? Issuer { get; init; }

    public required string? Subject { get; init; }

    public required string[]? Audience { get; init; }

    public required string? TokenId { get; init; }

    public DateTimeOffset? ExpiresAt { get; private init; }

    public DateTimeOffset? NotBefore { get; private init; }

    public DateTimeOffset? IssuedAt { get; private init; }

    /// <summary>Whether it tells of events, as security event and logout tokens do (RFC 8417 §2.2, OpenID Connect Back-Channel Logout §2.4).</summary>
    public required bool HasEvents { get; init; }

    /// <summary>Reads them, or answers null where one is malformed. Nothing is believed yet.</summary>
    public static AssertionClaims? TryRead(JsonElement root)
    {
        if (!ClaimReader.IsTextOrAbsent(root, "iss") || !ClaimReader.IsTextOrAbsent(root, "sub") || !ClaimReader.IsTextOrAbsent(root, "jti")) return null;
        if (root.Text("jti") is { } tokenId && tokenId.Length is 0 or > MaxText) return null;
        if (!ClaimReader.TryReadAudience(root, out string[]? audience)
            || !ClaimReader.TryReadDate(root, "exp", out DateTimeOffset? expiresAt)
            || !ClaimReader.TryReadDate(root, "nbf", out DateTimeOffset? notBefore)
            || !ClaimReader.TryReadDate(root, "iat", out DateTimeOffset? issuedAt)) return null;
        return new AssertionClaims
        {
            Issuer = root.Text("iss"),
            Subject = root.Text("sub"),
            Audience = audience,
            TokenId = root.Text("jti"),
            ExpiresAt = expiresAt,
            NotBefore = notBefore,
            IssuedAt = issuedAt,
            HasEvents = root.TryGetProperty("events", out _),
        };
    }

    public SubjectRefusal CheckSubject() => Subject is { Length: > 0 and <= MaxText } && IsPrintable(Subject) ? SubjectRefusal.None : SubjectRefusal.SubjectMalformed;

    public SubjectRefusal CheckAudience(string expected)
    {
        if (Audience is null || !Audience.Contains(expected, StringComparer.Ordinal)) return SubjectRefusal.AudienceMismatch;
        return Audience.All(a => string.Equals(a, expected, StringComparison.Ordinal)) ? SubjectRefusal.None : SubjectRefusal.AudienceShared;
    }

    /// <summary>RFC 7519 §4.1.4: "on or after" <c>exp</c> it is over. Leeway is for clocks that differ, in both directions.</summary>
    public SubjectRefusal CheckTime(DateTimeOffset now, TimeSpan leeway, TimeSpan maxAge)
    {
        if (ExpiresAt is not { } expiresAt || IssuedAt is not { } issuedAt) return SubjectRefusal.TimeMissing;
        if (now - expiresAt >= leeway) return SubjectRefusal.Expired;
        if (NotBefore - now > leeway) return SubjectRefusal.NotYetValid;
        if (issuedAt - now > leeway) return SubjectRefusal.IssuedInFuture;
        return now - issuedAt >= maxAge + leeway ? SubjectRefusal.TooOld : SubjectRefusal.None;
    }

    /// <summary>The moment from which <see cref="CheckTime"/> refuses it for ever.</summary>
    public DateTimeOffset End(TimeSpan leeway, TimeSpan maxAge)
    {
        TimeSpan age = ExpiresAt!.Value - IssuedAt!.Value;
        return age < maxAge ? ExpiresAt.Value + leeway : IssuedAt.Value + maxAge + leeway;
    }

    /// <summary>Text that looks like what it is in a log or a table.</summary>
    public static bool IsPrintable(string text)
    {
        foreach (char c in text)
        {
            if (char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator) return false;
        }

        return true;
    }
}
