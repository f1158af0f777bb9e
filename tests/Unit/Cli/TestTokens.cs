using System.Buffers.Text;
using System.Text;

namespace Spiffe.Agent.Tests.Unit.Cli;

/// <summary>Tokens with signatures that nobody checks here.</summary>
internal static class TestTokens
{
    public static string Jwt(string id, TimeSpan life, string audience = "api") => Token(
        """{"alg":"ES256","kid":"k1","typ":"JWT"}""",
        $$"""{"sub":"{{id}}","aud":["{{audience}}"],"exp":{{(TestTerminal.Now + life).ToUnixTimeSeconds()}},"iat":{{TestTerminal.Now.ToUnixTimeSeconds()}},"iss":"https://id.example.org","jti":"t-1","team":"web"}""");

    public static string Wit(string id, TimeSpan life) => Token(
        """{"alg":"ES256","kid":"w1","typ":"wit+jwt"}""",
        $$$"""{"sub":"{{{id}}}","exp":{{{(TestTerminal.Now + life).ToUnixTimeSeconds()}}},"cnf":{"jwk":{"kty":"EC","crv":"P-256","x":"AA","y":"AA","alg":"ES256"} } }""");

    private static string Token(string header, string claims) => $"{Encode(header)}.{Encode(claims)}.c2lnbmF0dXJl";

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
