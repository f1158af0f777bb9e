using System.Text.Json;
using Spiffe.Agent.Cli.Output;

namespace Spiffe.Agent.Cli.Tokens;

/// <summary>A token's members in JSON output: docs/cli.md.</summary>
internal static class TokenJson
{
    public static void Write(Utf8JsonWriter json, string text, TokenView token)
    {
        json.WriteString("token", text);
        if (token.ExpiresAt is { } expiry) json.WriteMoment("expires_at", expiry);
        json.WritePropertyName("header");
        token.Header.WriteTo(json);
        json.WritePropertyName("claims");
        token.Claims.WriteTo(json);
    }
}
