using Spiffe.Agent.Identity;
using Spiffe.Agent.Residue.Needles;

namespace Spiffe.Agent.Residue;

/// <summary>Takes prints of credentials before they leave, and finds credentials by them. One for each run of the daemon, with a key of its own. Safe from many threads.</summary>
public sealed class Fingerprinter : IDisposable
{
    private const int MaxOfToken = 7; // Needles: as it is, and in base64 at three places in two alphabets.

    private readonly NeedleForge _forge;

    public Fingerprinter() => _forge = new NeedleForge(Key);

    internal NeedleKey Key { get; } = new();

    /// <summary>Of a token: by its signature.</summary>
    /// <param name="kind">What it is, for receipts.</param>
    /// <param name="id">Its token id.</param>
    /// <param name="token">JWS compact serialization; not kept.</param>
    public CredentialPrint OfToken(string kind, string id, string token) => Make(kind, id, token, null, null);

    /// <summary>Of a certificate: by its private key, PKCS #8.</summary>
    /// <param name="kind">What it is, for receipts.</param>
    /// <param name="id">Its serial number.</param>
    /// <param name="privateKey">DER; not kept.</param>
    public CredentialPrint OfPrivateKey(string kind, string id, SecretBytes privateKey) => Make(kind, id, null, privateKey, null);

    /// <summary>Of a token that goes with a key: by both.</summary>
    /// <param name="kind">What it is, for receipts.</param>
    /// <param name="id">Its token id.</param>
    /// <param name="token">JWS compact serialization; not kept.</param>
    /// <param name="jwk">The private key as a JWK; not kept. Null: the holder made it, and we never had it.</param>
    public CredentialPrint OfTokenWithKey(string kind, string id, string token, SecretBytes? jwk) => Make(kind, id, token, null, jwk);

    public void Dispose() => Key.Dispose();

    private CredentialPrint Make(string kind, string id, string? token, SecretBytes? pkcs8, SecretBytes? jwk)
    {
        List<Needle> needles = new(pkcs8 is null && jwk is null ? MaxOfToken : 4 * MaxOfToken);
        bool isWhole = true;
        if (token is not null)
        {
            _forge.OfToken(token, needles);
            isWhole = needles.Count > 0;
        }

        if (pkcs8 is not null) isWhole &= pkcs8.Reveal(bytes => PrivateKeyNumbers.OfPkcs8(bytes, _forge, needles)) && needles.Count > 0;
        if (jwk is not null) isWhole &= jwk.Reveal(bytes => PrivateKeyNumbers.OfJwk(bytes, _forge, needles));
        return new CredentialPrint(kind, id, isWhole ? [.. needles] : []);
    }
}
