using Spiffe.Agent.Issuance.Revocation;

namespace Spiffe.Agent.Tests.Fuzz.Issuance.Tasks;

/// <summary>A credential that left the daemon, as the model remembers it.</summary>
internal sealed record LeftCredential(CredentialKind Kind, string Id, string Token, string TaskId, int Generation, DateTimeOffset ExpiresAt)
{
    public bool IsSpent { get; set; }
}
