using Spiffe.Agent.Issuance.Revocation;
using Wire = Spiffe.Agent.Protocols.Tasks;

namespace Spiffe.Agent.Endpoints.Tasks;

/// <summary>Pages of the revocation feed as the wire has them.</summary>
internal static class RevocationMessages
{
    public static Wire.RevocationUpdate Of(RevocationPage page)
    {
        Wire.RevocationUpdate update = new() { Cursor = page.Next.ToString(), Reset = page.IsReset };
        update.Revocations.AddRange(page.Standing.Select(Of));
        foreach (RevocationEvent happened in page.Events) update.Revocations.AddRange(happened.Credentials.Select(Of));
        return update;
    }

    private static Wire.Revocation Of(RevokedCredential revoked) => new()
    {
        Kind = Kind(revoked.Credential.Kind),
        Id = revoked.Credential.Id,
        TaskId = revoked.Credential.TaskId,
        Reason = revoked.Reason.ToString().ToLowerInvariant(),
        RevokedAt = TaskMessages.Moment(revoked.At),
        ExpiresAt = TaskMessages.Moment(revoked.Credential.ExpiresAt),
    };

    private static string Kind(CredentialKind kind) => kind switch
    {
        CredentialKind.X509 => "x509",
        CredentialKind.Wit => "wit",
        _ => "jwt",
    };
}
