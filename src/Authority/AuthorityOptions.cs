using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Authority;

/// <summary>What the embedded authority signs with, and for how long.</summary>
public sealed class AuthorityOptions
{
    /// <summary>The trust domain that is signed for.</summary>
    public required TrustDomain TrustDomain { get; init; }

    /// <summary>Kind of the CA's key.</summary>
    public KeyType CaKeyType { get; init; } = KeyType.Ec256;

    /// <summary>Kind of the keys that sign JWT-SVIDs and WIT-SVIDs.</summary>
    public KeyType TokenKeyType { get; init; } = KeyType.Ec256;

    /// <summary>Kind of the keys that workloads get, for X.509-SVIDs and WIT-SVIDs.</summary>
    public KeyType WorkloadKeyType { get; init; } = KeyType.Ec256;

    /// <summary>Life of the CA and of the token keys, at least one minute. Default 24 h, as SPIRE.</summary>
    public TimeSpan CaTtl { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Life of an X.509-SVID whose request names none, at least one second. Default 1 h, as SPIRE.</summary>
    public TimeSpan X509Ttl { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Life of a JWT-SVID whose request names none, at least one second. Default 5 min, as SPIRE.</summary>
    public TimeSpan JwtTtl { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Life of a WIT-SVID whose request names none, at least one second. Default 1 h.</summary>
    public TimeSpan WitTtl { get; init; } = TimeSpan.FromHours(1);

    /// <summary><c>iss</c> of JWT-SVIDs; none by default. WIT-SVIDs never carry it: theirs should not be discoverable (WIT-SVID §3.7).</summary>
    public string? JwtIssuer { get; init; }

    /// <summary>How far before the moment of signing certificates begin to hold, for clocks that run behind; at most one hour. Default 10 s, as SPIRE.</summary>
    public TimeSpan NotBeforeSlack { get; init; } = TimeSpan.FromSeconds(10);

    internal void ThrowIfInvalid()
    {
        ArgumentNullException.ThrowIfNull(TrustDomain);
        ArgumentOutOfRangeException.ThrowIfLessThan(CaTtl, TimeSpan.FromMinutes(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(X509Ttl, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(JwtTtl, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(WitTtl, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(NotBeforeSlack, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(NotBeforeSlack, TimeSpan.FromHours(1));
        if (JwtIssuer is "") throw new ArgumentException("an issuer that is set is not empty", nameof(JwtIssuer));
    }
}
