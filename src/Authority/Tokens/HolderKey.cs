using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Spiffe.Agent.Authority.Keys;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Identity.Jwt;

namespace Spiffe.Agent.Authority.Tokens;

/// <summary>A fresh key pair for the holder of a WIT-SVID: the public half for <c>cnf</c>, the private half as a JWK (RFC 7517, RFC 7518 §6).</summary>
internal readonly record struct HolderKey(JwsPublicKey PublicKey, SecretBytes PrivateJwk)
{
    private const int RsaBits = 2048;

    public static HolderKey Generate(KeyType type)
    {
        string algorithm = type.Algorithm().Name();
        if (type.Curve() is { } curve)
        {
            using ECDsa ec = ECDsa.Create(curve.Curve);
            ECParameters numbers = ec.ExportParameters(includePrivateParameters: true);
            JwsPublicKey key = JwsPublicKey.OfOwn(curve, numbers.Q, type.Algorithm());
            return new HolderKey(key, Write(
                $$"""{"kty":"EC","crv":"{{curve.Name}}","alg":"{{algorithm}}",""",
                [("x", numbers.Q.X!), ("y", numbers.Q.Y!), ("d", numbers.D!)]));
        }

        using RSA rsa = RSA.Create(RsaBits);
        RSAParameters rsaNumbers = rsa.ExportParameters(includePrivateParameters: true);
        JwsPublicKey rsaKey = JwsPublicKey.OfOwn(rsaNumbers, type.Algorithm());
        return new HolderKey(rsaKey, Write(
            $$"""{"kty":"RSA","alg":"{{algorithm}}",""",
            [
                ("n", rsaNumbers.Modulus!), ("e", rsaNumbers.Exponent!), ("d", rsaNumbers.D!), ("p", rsaNumbers.P!), ("q", rsaNumbers.Q!),
                ("dp", rsaNumbers.DP!), ("dq", rsaNumbers.DQ!), ("qi", rsaNumbers.InverseQ!),
            ]));
    }

    // Straight into the bytes that are zeroed later, so that no writer keeps a copy; the numbers are zeroed at once.
    private static SecretBytes Write(string head, (string Name, byte[] Value)[] members)
    {
        int length = head.Length;
        foreach ((string name, byte[] value) in members) length += name.Length + Base64Url.GetEncodedLength(value.Length) + "\"\":\"\",".Length;
        return SecretBytes.Create(length, (head, members), static (destination, state) =>
        {
            int at = Encoding.ASCII.GetBytes(state.head, destination);
            foreach ((string name, byte[] value) in state.members)
            {
                at += Encoding.ASCII.GetBytes($"\"{name}\":\"", destination[at..]);
                at += Base64Url.EncodeToUtf8(value, destination[at..]);
                at += Encoding.ASCII.GetBytes("\",", destination[at..]);
                CryptographicOperations.ZeroMemory(value);
            }

            destination[at - 1] = (byte)'}'; // where the last comma stands
        });
    }
}
