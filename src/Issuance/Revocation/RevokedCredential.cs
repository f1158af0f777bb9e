namespace Spiffe.Agent.Issuance.Revocation;

/// <summary>A credential that died before it expired.</summary>
/// <param name="Credential">Which.</param>
/// <param name="Status">Suspended or revoked.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">Since when.</param>
public readonly record struct RevokedCredential(CredentialRecord Credential, CredentialStatus Status, RevocationReason Reason, DateTimeOffset At);
