using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Residue;

namespace Spiffe.Agent.Tests.Unit.Residue;

/// <summary>What a task was issued, with its secrets, as the daemon has them for a moment.</summary>
internal sealed class Credential : IDisposable
{
    private Credential(AsymmetricAlgorithm key, string token) => (Key, Token, Pkcs8) = (key, token, key.ExportPkcs8PrivateKey());

    public AsymmetricAlgorithm Key { get; }

    public string Token { get; }

    public byte[] Pkcs8 { get; }

    public byte[] Scalar => ((ECDsa)Key).ExportParameters(true).D!;

    public string Jwk => $$"""{"kty":"EC","crv":"P-256","x":"AA","y":"AA","d":"{{Base64Url.EncodeToString(Scalar)}}"}""";

    public static Credential New() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256), NewToken());

    public static Credential NewRsa() => new(RSA.Create(2048), NewToken());

    /// <summary>Key and token in one print, so that a test may leave either.</summary>
    public IReadOnlyList<CredentialPrint> Prints(Fingerprinter by)
    {
        using SecretBytes key = SecretBytes.CopyOf(Pkcs8);
        return [by.OfPrivateKey("x509", "5eb1a1", key), by.OfToken("jwt", "token-1", Token)];
    }

    public void Dispose() => Key.Dispose();

    private static string NewToken()
    {
        string header = Base64Url.EncodeToString("""{"alg":"ES256","kid":"k","typ":"JWT"}"""u8);
        string claims = Base64Url.EncodeToString(Encoding.ASCII.GetBytes($$"""{"aud":["db"],"exp":1900000000,"jti":"{{Guid.NewGuid()}}","sub":"spiffe://example.org/task/build/1"}"""));
        return $"{header}.{claims}.{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(64))}";
    }
}
