using System.Buffers.Text;
using System.Text;
using Spiffe.Agent.Authority.Keys;
using Spiffe.Agent.Authority.Rotation;
using Spiffe.Agent.Identity.Jwt;

namespace Spiffe.Agent.Authority.Tokens;

/// <summary>A key that signs one kind of token, with the header that all of them share.</summary>
internal sealed class TokenIssuer : IssuingKey
{
    /// <summary><c>typ</c> of JWT-SVIDs (JWT-SVID §2.3).</summary>
    public const string JwtType = "JWT";

    /// <summary><c>typ</c> of WIT-SVIDs (WIT-SVID §2.2).</summary>
    public const string WitType = "wit+jwt";

    /// <summary><c>typ</c> of Status List Tokens (draft-ietf-oauth-status-list §5.1).</summary>
    public const string StatusListType = "statuslist+jwt";

    public TokenIssuer(KeyType type, KeyPeriod period, string tokenType)
        : base(new SigningKey(type), period)
    {
        string header = $$"""{"alg":"{{type.Algorithm().Name()}}","kid":"{{Name}}","typ":"{{tokenType}}"}""";
        EncodedHeader = Encoding.ASCII.GetBytes(Base64Url.EncodeToString(Encoding.ASCII.GetBytes(header)));
    }

    /// <summary>The JOSE header, base64url: <c>alg</c>, <c>kid</c>, <c>typ</c> and nothing else (JWT-SVID §2, WIT-SVID §2).</summary>
    public byte[] EncodedHeader { get; }

    public override string Name => Key.PublicKey.KeyId;
}
