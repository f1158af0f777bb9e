using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Spiffe.Agent.Identity.Jwt;

namespace Spiffe.Agent.Tests.TestKit.Identity;

/// <summary>An issuer of its own with one key, for any algorithm: signs whatever header and claims a test wants, right or wrong.</summary>
public sealed class AssertionForge : IDisposable
{
    private readonly ECDsa? _ec;
    private readonly RSA? _rsa;

    public AssertionForge(JwsAlgorithm algorithm = JwsAlgorithm.ES256, string? keyId = "k1")
    {
        Algorithm = algorithm;
        ECCurve? curve = algorithm switch
        {
            JwsAlgorithm.ES256 => ECCurve.NamedCurves.nistP256,
            JwsAlgorithm.ES384 => ECCurve.NamedCurves.nistP384,
            JwsAlgorithm.ES512 => ECCurve.NamedCurves.nistP521,
            _ => null,
        };
        JwkFault fault;
        JwsPublicKey? key;
        if (curve is { } named)
        {
            _ec = ECDsa.Create(named);
            fault = JwsPublicKey.TryCreate(_ec.ExportParameters(false), keyId, null, out key);
        }
        else
        {
            _rsa = RSA.Create(2048);
            fault = JwsPublicKey.TryCreate(_rsa.ExportParameters(false), keyId, null, out key);
        }

        PublicKey = key ?? throw new InvalidOperationException($"a fresh key is refused: {fault}");
    }

    public JwsAlgorithm Algorithm { get; }

    public JwsPublicKey PublicKey { get; }

    /// <summary>The header of an honest token.</summary>
    public string Header => $$"""{"alg":"{{Algorithm}}","kid":"{{PublicKey.KeyId}}","typ":"JWT"}""";

    /// <summary>The public key as the only one of a set (RFC 7517 §5).</summary>
    public string KeySet => $$"""{"keys":[{{Jwk}}]}""";

    /// <summary>The public key.</summary>
    public string Jwk
    {
        get
        {
            string members;
            if (_ec is not null)
            {
                ECParameters ec = _ec.ExportParameters(false);
                string curve = Algorithm switch { JwsAlgorithm.ES256 => "P-256", JwsAlgorithm.ES384 => "P-384", _ => "P-521" };
                members = $"\"kty\":\"EC\",\"crv\":\"{curve}\",\"x\":\"{Base64Url.EncodeToString(ec.Q.X)}\",\"y\":\"{Base64Url.EncodeToString(ec.Q.Y)}\"";
            }
            else
            {
                RSAParameters rsa = _rsa!.ExportParameters(false);
                members = $"\"kty\":\"RSA\",\"n\":\"{Base64Url.EncodeToString(rsa.Modulus)}\",\"e\":\"{Base64Url.EncodeToString(rsa.Exponent)}\"";
            }

            return $$"""{"kid":"{{PublicKey.KeyId}}","use":"sig",{{members}}}""";
        }
    }

    /// <summary>An honest token with these claims.</summary>
    public string Sign(string claims) => Sign(Header, claims);

    /// <summary>A well-signed token with these texts in it, whatever they are.</summary>
    public string Sign(string header, string claims)
    {
        string input = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";
        return $"{input}.{Base64Url.EncodeToString(Sign(Encoding.ASCII.GetBytes(input)))}";
    }

    public void Dispose()
    {
        _ec?.Dispose();
        _rsa?.Dispose();
    }

    private byte[] Sign(byte[] input)
    {
        HashAlgorithmName hash = Algorithm.ToString()[2..] switch { "256" => HashAlgorithmName.SHA256, "384" => HashAlgorithmName.SHA384, _ => HashAlgorithmName.SHA512 };
        if (_ec is not null) return _ec.SignData(input, hash);
        bool isPss = Algorithm is JwsAlgorithm.PS256 or JwsAlgorithm.PS384 or JwsAlgorithm.PS512;
        return _rsa!.SignData(input, hash, isPss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
    }
}
