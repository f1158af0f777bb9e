using System.Text.Json;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Cli.Tokens;

namespace Spiffe.Agent.Cli.Fetch;

/// <summary>Bundles for people.</summary>
internal static class BundleText
{
    public static string Write(IReadOnlyList<TrustDomainBundle> bundles, DateTimeOffset now, bool isStyled)
    {
        TextPage page = new(isStyled);
        foreach (TrustDomainBundle bundle in bundles)
        {
            X509Text.Write(page, bundle.X509, now);
            Write(page, "JWT key", bundle.JwtKeys);
            Write(page, "WIT key", bundle.WitKeys);
        }

        return page.ToString();
    }

    private static void Write(TextPage page, string label, IReadOnlyList<JsonElement> keys)
    {
        foreach (JsonElement key in keys) page.Field(label, $"{TokenView.Text(key, "kid") ?? "without kid"}, {Kind(key)}");
    }

    private static string Kind(JsonElement key) => TokenView.Text(key, "crv") is { } curve ? $"{TokenView.Text(key, "kty")} {curve}" : TokenView.Text(key, "kty") ?? "unknown kind";
}
