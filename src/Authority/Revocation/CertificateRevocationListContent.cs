namespace Spiffe.Agent.Authority.Revocation;

/// <summary>What a revocation list says, before it is written and signed. The name is DER already.</summary>
internal readonly ref struct CertificateRevocationListContent
{
    public required ReadOnlySpan<byte> Issuer { get; init; }

    public required ReadOnlySpan<byte> AuthorityKeyIdentifier { get; init; }

    public required DateTimeOffset ThisUpdate { get; init; }

    public required DateTimeOffset NextUpdate { get; init; }

    /// <summary>Larger in every list of an issuer than in those before (RFC 5280 §5.2.3); not negative.</summary>
    public required long Number { get; init; }

    public required IReadOnlyCollection<RevokedCertificate> Revoked { get; init; }
}
