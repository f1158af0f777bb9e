using System.Buffers.Text;
using System.Text.Json;

namespace Spiffe.Agent.Identity.Jwt;

/// <summary>Writes public keys as JSON Web Keys.</summary>
internal static class JwkWriter
{
    /// <summary>Writes <c>kty</c> and what goes with it into an object that is open.</summary>
    public static void WriteParameters(Utf8JsonWriter json, JwsPublicKey key)
    {
        if (key.Ec is { } ec)
        {
            json.WriteString("kty"u8, "EC"u8);
            json.WriteString("crv"u8, EcCurve.Of(ec.Curve)!.Name);
            json.WriteString("x"u8, Base64Url.EncodeToString(ec.Q.X));
            json.WriteString("y"u8, Base64Url.EncodeToString(ec.Q.Y));
            return;
        }

        json.WriteString("kty"u8, "RSA"u8);
        json.WriteString("n"u8, Base64Url.EncodeToString(key.Rsa!.Value.Modulus));
        json.WriteString("e"u8, Base64Url.EncodeToString(key.Rsa!.Value.Exponent));
    }
}
