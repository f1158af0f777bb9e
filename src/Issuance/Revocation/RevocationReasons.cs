using Spiffe.Agent.Authority.Revocation;

namespace Spiffe.Agent.Issuance.Revocation;

/// <summary>What follows from a reason.</summary>
internal static class RevocationReasons
{
    public static CredentialStatus Status(this RevocationReason reason) => reason == RevocationReason.Suspended ? CredentialStatus.Suspended : CredentialStatus.Revoked;

    public static CertificateRevocationReason OfCertificate(this RevocationReason reason) => reason switch
    {
        RevocationReason.Suspended => CertificateRevocationReason.CertificateHold,
        RevocationReason.Resumed or RevocationReason.Narrowed => CertificateRevocationReason.Superseded,
        RevocationReason.Withdrawn => CertificateRevocationReason.PrivilegeWithdrawn,
        RevocationReason.Compromised => CertificateRevocationReason.KeyCompromise,
        _ => CertificateRevocationReason.CessationOfOperation,
    };
}
