namespace Spiffe.Agent.Configuration;

/// <summary><c>authority</c>: who signs, with which keys, for how long.</summary>
public sealed class AuthorityOptions
{
    /// <summary>No SVID lives longer than this part of <c>ca_ttl</c>: a signing key is replaced when a sixth of its life is left, so that it outlives what it signed.</summary>
    public const int MaxSvidPartOfCaTtl = 6;

    /// <summary><c>ca_ttl</c>: lifetime of the signing certificate and of the JWT and WIT keys. 1m to 3650d, 24h by default.</summary>
    public required TimeSpan CaTtl { get; init; }

    /// <summary><c>x509_ttl</c>: lifetime of X509-SVIDs. 5s to 7d, 1h by default.</summary>
    public required TimeSpan X509Ttl { get; init; }

    /// <summary><c>jwt_ttl</c>: lifetime of JWT-SVIDs. 5s to 7d, 5m by default.</summary>
    public required TimeSpan JwtTtl { get; init; }

    /// <summary><c>wit_ttl</c>: lifetime of WIT-SVIDs. 5s to 7d, 1h by default.</summary>
    public required TimeSpan WitTtl { get; init; }

    /// <summary><c>jwt_issuer</c>: the <c>iss</c> of JWT-SVIDs. An https URL; by default the SPIFFE ID of the trust domain.</summary>
    public required string JwtIssuer { get; init; }

    /// <summary><c>key_type</c>: keys of workloads. <c>ec-p256</c> by default.</summary>
    public required KeyType KeyType { get; init; }

    /// <summary><c>ca_key_type</c>: keys that sign. <c>ec-p256</c> by default.</summary>
    public required KeyType CaKeyType { get; init; }
}
