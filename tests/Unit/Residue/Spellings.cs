using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Spiffe.Agent.Tests.Unit.Residue;

/// <summary>The ways in which programs write down what they were given.</summary>
internal static class Spellings
{
    public static IReadOnlyDictionary<string, Func<Credential, byte[]>> All { get; } = new Dictionary<string, Func<Credential, byte[]>>(StringComparer.Ordinal)
    {
        ["token"] = c => Text(c.Token),
        ["token in a header"] = c => Text($"GET / HTTP/1.1\r\nAuthorization: Bearer {c.Token}\r\n\r\n"),
        ["token broken over lines"] = c => Text(string.Join("\r\n\t", c.Token.Chunk(32).Select(part => new string(part)))),
        ["signature alone"] = c => Text(c.Token[(c.Token.LastIndexOf('.') + 1)..]),
        ["token in UTF-16"] = c => Encoding.Unicode.GetBytes(c.Token),
        ["token in base64, as manifests have it"] = c => Text($"data:\n  token: {Convert.ToBase64String(Text(c.Token))}\n"),
        ["token in base64 behind a byte"] = c => Text(Convert.ToBase64String(Text(":" + c.Token))),
        ["token in base64 behind two"] = c => Text(Convert.ToBase64String(Text("u:" + c.Token))),
        ["PKCS #8 PEM"] = c => Text(c.Key.ExportPkcs8PrivateKeyPem()),
        ["PEM with an indent"] = c => Text("key: |\n" + string.Join('\n', c.Key.ExportPkcs8PrivateKeyPem().Split('\n').Select(line => "      " + line))),
        ["PEM in JSON"] = c => Text($$"""{"key":"{{c.Key.ExportPkcs8PrivateKeyPem().ReplaceLineEndings("\\n")}}"}"""),
        ["PEM in lines of 76"] = c => Text(Convert.ToBase64String(c.Pkcs8, Base64FormattingOptions.InsertLineBreaks)),
        ["base64 without line breaks"] = c => Text(Convert.ToBase64String(c.Pkcs8)),
        ["PKCS #8 DER"] = c => c.Pkcs8,
        ["SEC 1 DER"] = c => ((ECDsa)c.Key).ExportECPrivateKey(),
        ["SEC 1 PEM"] = c => Text(((ECDsa)c.Key).ExportECPrivateKeyPem()),
        ["JWK"] = c => Text(c.Jwk),
        ["bare number"] = c => c.Scalar,
        ["number in memory, from behind"] = c => [.. c.Scalar.Reverse()],
        ["hexadecimal"] = c => Text(Convert.ToHexStringLower(c.Scalar)),
        ["HEXADECIMAL"] = c => Text(Convert.ToHexString(c.Pkcs8)),
        ["colons, as openssl prints"] = c => Text("priv:\n    " + string.Join(":\n    ", c.Scalar.Chunk(15).Select(line => string.Join(':', line.Select(b => b.ToString("x2", CultureInfo.InvariantCulture)))))),
    };

    public static byte[] Text(string text) => Encoding.ASCII.GetBytes(text);

    /// <summary>What a search for the secrets as they were handed out would find.</summary>
    public static bool IsFoundNaively(ReadOnlySpan<byte> data, Credential credential) =>
        data.IndexOf(Text(credential.Token)) >= 0 || data.IndexOf(credential.Pkcs8) >= 0 || data.IndexOf(Text(credential.Key.ExportPkcs8PrivateKeyPem())) >= 0;
}
