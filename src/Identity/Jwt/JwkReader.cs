using System.Security.Cryptography;
using System.Text.Json;

namespace Spiffe.Agent.Identity.Jwt;

/// <summary>Reads the public key out of a JSON Web Key (RFC 7517, RFC 7518 §6).</summary>
internal static class JwkReader
{
    // RFC 7518 §6.2.2, §6.3.2, §6.4: none of these belongs into a public key. A key that shows its secret is no key any more.
    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    public static JwkFault TryRead(JsonElement jwk, out JwsPublicKey? key)
    {
        key = null;
        if (jwk.ValueKind != JsonValueKind.Object) return JwkFault.Malformed;
        if (HasPrivateMember(jwk)) return JwkFault.PrivateMember;
        if (!TryGetOptionalText(jwk, "kid", out string? keyId) || keyId is "") return JwkFault.Malformed;
        if (!TryGetOptionalText(jwk, "alg", out string? name)) return JwkFault.Malformed;
        JwsAlgorithm? algorithm = null;
        if (name is not null)
        {
            if (!JwsAlgorithms.TryParse(name, out JwsAlgorithm named)) return JwkFault.AlgorithmMismatch;
            algorithm = named;
        }

        return jwk.Text("kty") switch
        {
            "EC" => TryReadEc(jwk, keyId, algorithm, out key),
            "RSA" => TryReadRsa(jwk, keyId, algorithm, out key),
            _ => JwkFault.KeyTypeUnknown,
        };
    }

    public static bool HasPrivateMember(JsonElement jwk)
    {
        foreach (string member in PrivateMembers)
        {
            if (jwk.TryGetProperty(member, out _)) return true;
        }

        return false;
    }

    private static JwkFault TryReadEc(JsonElement jwk, string? keyId, JwsAlgorithm? algorithm, out JwsPublicKey? key)
    {
        key = null;
        if (EcCurve.Named(jwk.Text("crv")) is not { } curve) return JwkFault.CurveUnknown;
        ECPoint point = new() { X = StrictBase64Url.Decode(jwk.Text("x")), Y = StrictBase64Url.Decode(jwk.Text("y")) };
        return JwsPublicKey.TryCreate(new ECParameters { Curve = curve.Curve, Q = point }, keyId, algorithm, out key);
    }

    private static JwkFault TryReadRsa(JsonElement jwk, string? keyId, JwsAlgorithm? algorithm, out JwsPublicKey? key)
    {
        RSAParameters parameters = new() { Modulus = StrictBase64Url.Decode(jwk.Text("n")), Exponent = StrictBase64Url.Decode(jwk.Text("e")) };
        return JwsPublicKey.TryCreate(parameters, keyId, algorithm, out key);
    }

    private static bool TryGetOptionalText(JsonElement jwk, string name, out string? text)
    {
        text = null;
        if (!jwk.TryGetProperty(name, out JsonElement value)) return true;
        if (value.ValueKind != JsonValueKind.String) return false;
        text = value.GetString();
        return true;
    }
}
