using Spiffe.Agent.Authority.Rotation;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Authority.X509;

/// <summary>What a certificate says, before it is written and signed. Names and keys are DER already.</summary>
internal readonly ref struct CertificateContent
{
    public required ReadOnlySpan<byte> SerialNumber { get; init; }

    public required ReadOnlySpan<byte> Issuer { get; init; }

    public required ReadOnlySpan<byte> Subject { get; init; }

    /// <summary>Whole seconds.</summary>
    public required KeyPeriod Period { get; init; }

    public required ReadOnlySpan<byte> SubjectPublicKeyInfo { get; init; }

    public required CertificateProfile Profile { get; init; }

    public required ReadOnlySpan<byte> SubjectKeyIdentifier { get; init; }

    public required ReadOnlySpan<byte> AuthorityKeyIdentifier { get; init; }

    /// <summary>The one URI SAN (X509-SVID §2).</summary>
    public required SpiffeId Id { get; init; }

    public required IReadOnlyList<string> DnsNames { get; init; }
}
