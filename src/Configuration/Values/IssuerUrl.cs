namespace Spiffe.Agent.Configuration.Values;

/// <summary>Issuers of tokens: https URLs without user, query or fragment (OpenID Connect Core §2, <c>iss</c>).</summary>
internal static class IssuerUrl
{
    public const string Remedy = "write an https URL without user, query or fragment, such as https://id.example.org";

    private const int MaxLength = 2048;

    public static bool IsValid(string text) => text.Length <= MaxLength
        && text.StartsWith("https://", StringComparison.Ordinal)
        && Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
        && uri is { Host.Length: > 0, UserInfo.Length: 0, Query.Length: 0, Fragment.Length: 0 }
        && !text.AsSpan().ContainsAny("?# ");
}
