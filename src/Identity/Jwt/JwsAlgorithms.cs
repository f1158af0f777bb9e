using System.Security.Cryptography;

namespace Spiffe.Agent.Identity.Jwt;

/// <summary>Names and parameters of the algorithms.</summary>
internal static class JwsAlgorithms
{
    /// <summary>Reads an <c>alg</c> value. Names are case-sensitive (RFC 7515 §4.1.1); whatever is not in the list is refused (JWT-SVID §2.1).</summary>
    public static bool TryParse(string? name, out JwsAlgorithm algorithm)
    {
        JwsAlgorithm? found = name switch
        {
            "RS256" => JwsAlgorithm.RS256,
            "RS384" => JwsAlgorithm.RS384,
            "RS512" => JwsAlgorithm.RS512,
            "ES256" => JwsAlgorithm.ES256,
            "ES384" => JwsAlgorithm.ES384,
            "ES512" => JwsAlgorithm.ES512,
            "PS256" => JwsAlgorithm.PS256,
            "PS384" => JwsAlgorithm.PS384,
            "PS512" => JwsAlgorithm.PS512,
            _ => null,
        };
        algorithm = found.GetValueOrDefault();
        return found is not null;
    }

    public static string Name(this JwsAlgorithm algorithm) => algorithm switch
    {
        JwsAlgorithm.RS256 => "RS256",
        JwsAlgorithm.RS384 => "RS384",
        JwsAlgorithm.RS512 => "RS512",
        JwsAlgorithm.ES256 => "ES256",
        JwsAlgorithm.ES384 => "ES384",
        JwsAlgorithm.ES512 => "ES512",
        JwsAlgorithm.PS256 => "PS256",
        JwsAlgorithm.PS384 => "PS384",
        JwsAlgorithm.PS512 => "PS512",
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    public static HashAlgorithmName Hash(this JwsAlgorithm algorithm) => algorithm switch
    {
        JwsAlgorithm.RS256 or JwsAlgorithm.ES256 or JwsAlgorithm.PS256 => HashAlgorithmName.SHA256,
        JwsAlgorithm.RS384 or JwsAlgorithm.ES384 or JwsAlgorithm.PS384 => HashAlgorithmName.SHA384,
        _ => HashAlgorithmName.SHA512,
    };

    public static RSASignaturePadding Padding(this JwsAlgorithm algorithm) =>
        algorithm is JwsAlgorithm.PS256 or JwsAlgorithm.PS384 or JwsAlgorithm.PS512 ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
}
