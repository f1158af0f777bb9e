using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Identity.Bundles;
using Spiffe.Agent.Identity.Jwt;

namespace Spiffe.Agent.Tests.TestKit.Identity;

/// <summary>Signs whatever header and claims a test wants, right or wrong: a foreign issuer with one P-256 key for each kind of token.</summary>
public sealed class TokenForge : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public TokenForge(string keyId = "k1", string trustDomain = "example.org")
    {
        KeyId = keyId;
        TrustDomain = TrustDomain.Parse(trustDomain);
        Assert(JwsPublicKey.TryCreate(_key.ExportParameters(false), keyId, null, out JwsPublicKey? key));
        PublicKey = key!;
    }

    public string KeyId { get; }

    public TrustDomain TrustDomain { get; }

    public JwsPublicKey PublicKey { get; }

    /// <summary>A bundle in which the key may sign JWT-SVIDs.</summary>
    public BundleSet JwtBundles => new(new TrustBundle(TrustDomain, [], [PublicKey], []));

    /// <summary>A bundle in which the key may sign WIT-SVIDs.</summary>
    public BundleSet WitBundles => new(new TrustBundle(TrustDomain, [], [], [PublicKey]));

    public string Sign(string header, string claims) => Sign(Encoding.UTF8.GetBytes(header), Encoding.UTF8.GetBytes(claims));

    /// <summary>A well-signed token with these bytes in it, whatever they are.</summary>
    public string Sign(ReadOnlySpan<byte> header, ReadOnlySpan<byte> claims)
    {
        string input = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(claims)}";
        return $"{input}.{Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256))}";
    }

    public void Dispose() => _key.Dispose();

    private static void Assert(JwkFault fault)
    {
        if (fault != JwkFault.None) throw new InvalidOperationException($"a fresh key is refused: {fault}");
    }
}
