using System.Text.Json;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Cli.Tokens;

namespace Spiffe.Agent.Cli.Validate;

/// <summary>Prints what the agent said of a token.</summary>
internal static class ValidationOutput
{
    public static string Text(string spiffeId, JsonElement claims, DateTimeOffset now, bool isStyled)
    {
        TextPage page = new TextPage(isStyled).Heading(spiffeId, "valid");
        TokenText.WriteClaims(page, new TokenView(default, claims), now);
        return page.ToString();
    }

    public static string Json(string spiffeId, JsonElement claims) => JsonText.Object(onOneLine: false, json =>
    {
        json.WriteBoolean("valid", true);
        json.WriteString("spiffe_id", spiffeId);
        json.WritePropertyName("claims");
        claims.WriteTo(json);
    });

    public static string Json(string reason) => JsonText.Object(onOneLine: false, json =>
    {
        json.WriteBoolean("valid", false);
        json.WriteString("reason", reason);
    });
}
