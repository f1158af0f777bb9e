using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Spiffe.Agent.Authority.Keys;
using Spiffe.Agent.Authority.Rotation;
using Spiffe.Agent.Authority.Tokens;
using Spiffe.Agent.Authority.X509;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Identity.Jwt;
using Spiffe.Agent.Identity.X509;

namespace Spiffe.Agent.Authority;

/// <content>Signs the three kinds of SVID.</content>
public sealed partial class EmbeddedAuthority
{
    private const int TokenIdBytes = 16;

    /// <summary>Makes a key and a certificate for it. X509-SVID §3.1, §4.</summary>
    /// <exception cref="ArgumentException">The ID is of another trust domain or has no path, or a DNS name is not one.</exception>
    public X509Svid SignX509(X509SvidRequest request)
    {
        ThrowIfInvalid(request);
        return With(static s => s.X509, request, static (authority, issuer, request, now) =>
        {
            WorkloadKey key = WorkloadKey.Generate(authority._options.WorkloadKeyType);
            return new X509Svid(authority.Certify(issuer, request, key.SubjectPublicKeyInfo, now), key.Pkcs8);
        });
    }

    /// <summary>Whether certificates are signed for such a key, PKIX DER.</summary>
    public static bool SignsFor(ReadOnlySpan<byte> subjectPublicKeyInfo) => ForeignKey.Canonical(subjectPublicKeyInfo) is not null;

    /// <summary>Makes a certificate for a key that somebody else holds.</summary>
    /// <param name="request">What it is to say.</param>
    /// <param name="subjectPublicKeyInfo">The public key, DER: P-256, P-384, P-521, or RSA of 2048 to 8192 bits. That the caller holds its private half is for the caller to have checked.</param>
    /// <exception cref="ArgumentException">The ID is of another trust domain or has no path, a DNS name is not one, or the key is none of these.</exception>
    public X509SvidCertificate SignX509(X509SvidRequest request, ReadOnlyMemory<byte> subjectPublicKeyInfo)
    {
        ThrowIfInvalid(request);
        byte[] key = ForeignKey.Canonical(subjectPublicKeyInfo.Span) ?? throw new ArgumentException("not a public key that is signed for", nameof(subjectPublicKeyInfo));
        return With(static s => s.X509, (request, key), static (authority, issuer, state, now) => authority.Certify(issuer, state.request, state.key, now));
    }

    /// <summary>Signs a JWT-SVID. JWT-SVID §2, §3.</summary>
    /// <exception cref="ArgumentException">The ID is of another trust domain or has no path, the audience is empty, or an extra claim is refused.</exception>
    public JwtSvid SignJwt(JwtSvidRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        ThrowIfInvalid(request.Id, request.Ttl);
        if (request.Audience.Count == 0 || request.Audience.Any(string.IsNullOrEmpty)) throw new ArgumentException("an audience is needed, none of them empty", nameof(request));
        return With(static s => s.Jwt, request, static (authority, issuer, request, now) => authority.SignJwt(issuer, request, now));
    }

    /// <summary>Makes a key and a WIT-SVID that binds it. WIT-SVID §2, §3.</summary>
    /// <exception cref="ArgumentException">The ID is of another trust domain or has no path, or an extra claim is refused.</exception>
    public WitSvid SignWit(WitSvidRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        ThrowIfInvalid(request.Id, request.Ttl);
        return With(static s => s.Wit, request, static (authority, issuer, request, now) => authority.SignWit(issuer, request, now));
    }

    private X509SvidCertificate Certify(X509Issuer issuer, X509SvidRequest request, byte[] subjectPublicKeyInfo, DateTimeOffset now)
    {
        DateTimeOffset notBefore = WholeSeconds(now - _options.NotBeforeSlack);
        KeyPeriod period = new(
            notBefore > issuer.Period.NotBefore ? notBefore : issuer.Period.NotBefore,
            ExpiryOf(request.Ttl ?? _options.X509Ttl, issuer, now));
        byte[] serial = SerialNumbers.Next();
        byte[] certificate = CertificateWriter.Sign(issuer.Key, new CertificateContent
        {
            SerialNumber = serial,
            Issuer = issuer.Subject,
            Subject = DistinguishedNames.OfWorkload(request.DnsNames),
            Period = period,
            SubjectPublicKeyInfo = subjectPublicKeyInfo,
            Profile = CertificateProfile.Leaf,
            SubjectKeyIdentifier = KeyIdentifiers.Of(subjectPublicKeyInfo),
            AuthorityKeyIdentifier = issuer.KeyIdentifier,
            Id = request.Id,
            DnsNames = request.DnsNames,
        });
        return new X509SvidCertificate(request.Id, certificate, period.NotBefore, period.NotAfter, Convert.ToHexStringLower(serial)) { IssuerKeyId = issuer.Name };
    }

    private JwtSvid SignJwt(TokenIssuer issuer, JwtSvidRequest request, DateTimeOffset now)
    {
        DateTimeOffset expiry = ExpiryOf(request.Ttl ?? _options.JwtTtl, issuer, now);
        string[] audience = [.. request.Audience.Distinct(StringComparer.Ordinal)];
        string tokenId = NewTokenId();
        (string token, byte[] claims) = TokenWriter.Sign(issuer, (authority: this, request.Id, audience, now, expiry, tokenId), request.Claims, static (json, state) =>
        {
            if (state.authority._options.JwtIssuer is { } name) json.WriteString("iss"u8, name);
            json.WriteString("sub"u8, state.Id.ToString());
            json.WriteStartArray("aud"u8);
            foreach (string value in state.audience) json.WriteStringValue(value);
            json.WriteEndArray();
            WriteTimes(json, state.now, state.expiry, state.tokenId);
        });
        return new JwtSvid
        {
            Id = request.Id,
            Token = token,
            Audience = audience,
            IssuedAt = WholeSeconds(now),
            ExpiresAt = expiry,
            TokenId = tokenId,
            KeyId = issuer.Name,
            Claims = claims,
        };
    }

    private WitSvid SignWit(TokenIssuer issuer, WitSvidRequest request, DateTimeOffset now)
    {
        DateTimeOffset expiry = ExpiryOf(request.Ttl ?? _options.WitTtl, issuer, now);
        HolderKey holder = HolderKey.Generate(_options.WorkloadKeyType);
        string tokenId = NewTokenId();
        (string token, byte[] claims) = TokenWriter.Sign(issuer, (request.Id, holder.PublicKey, now, expiry, tokenId), request.Claims, static (json, state) =>
        {
            json.WriteString("sub"u8, state.Id.ToString());
            json.WriteStartObject("cnf"u8);
            json.WriteStartObject("jwk"u8);
            JwkWriter.WriteParameters(json, state.PublicKey);
            json.WriteString("alg"u8, state.PublicKey.Algorithm!.Value.Name());
            json.WriteEndObject();
            json.WriteEndObject();
            WriteTimes(json, state.now, state.expiry, state.tokenId);
        });
        return new WitSvid
        {
            Id = request.Id,
            Token = token,
            HolderKey = holder.PublicKey,
            PrivateKeyJwk = holder.PrivateJwk,
            IssuedAt = WholeSeconds(now),
            ExpiresAt = expiry,
            TokenId = tokenId,
            KeyId = issuer.Name,
            Claims = claims,
        };
    }

    private static void WriteTimes(Utf8JsonWriter json, DateTimeOffset now, DateTimeOffset expiry, string tokenId)
    {
        json.WriteNumber("iat"u8, now.ToUnixTimeSeconds());
        json.WriteNumber("exp"u8, expiry.ToUnixTimeSeconds());
        json.WriteString("jti"u8, tokenId);
    }

    // 128 random bits: a collision within a trust domain is negligible (RFC 7519 §4.1.7, WIT-SVID §3.3).
    private static string NewTokenId()
    {
        Span<byte> random = stackalloc byte[TokenIdBytes];
        RandomNumberGenerator.Fill(random);
        return Base64Url.EncodeToString(random);
    }

    // Nothing outlives what it was signed with.
    private static DateTimeOffset ExpiryOf(TimeSpan ttl, IssuingKey issuer, DateTimeOffset now)
    {
        DateTimeOffset expiry = ttl < issuer.Period.NotAfter - now ? WholeSeconds(now + ttl) : issuer.Period.NotAfter;
        issuer.WillExpire(expiry);
        return expiry;
    }

    private void ThrowIfInvalid(X509SvidRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        ThrowIfInvalid(request.Id, request.Ttl);
        foreach (string name in request.DnsNames)
        {
            if (!DnsName.IsValid(name)) throw new ArgumentException($"not a DNS name: '{name}'", nameof(request));
        }
    }

    private void ThrowIfInvalid(SpiffeId id, TimeSpan? ttl)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (!id.TrustDomain.Equals(_options.TrustDomain)) throw new ArgumentException($"{id} is not of {_options.TrustDomain}", nameof(id));
        if (id.IsTrustDomain) throw new ArgumentException("a workload's ID has a path", nameof(id));
        if (ttl < TimeSpan.FromSeconds(1)) throw new ArgumentOutOfRangeException(nameof(ttl), ttl, "less than a second");
    }
}
