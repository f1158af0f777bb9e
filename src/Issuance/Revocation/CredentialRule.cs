namespace Spiffe.Agent.Issuance.Revocation;

/// <summary>What the ledger's word makes of a credential that broke no rule of its kind: the one function behind every check of this daemon.</summary>
internal static class CredentialRule
{
    /// <summary>The rule that it breaks; empty: it counts.</summary>
    /// <param name="isTask">Whether it says that it is a task's: then the ledger must know it.</param>
    /// <param name="entry">What the ledger knows of it; null: nothing.</param>
    public static string BrokenBy(bool isTask, (CredentialRecord Credential, CredentialStatus Status)? entry) => entry switch
    {
        { Status: CredentialStatus.Valid } => "",
        { Status: CredentialStatus.Suspended } => "suspended",
        not null => "revoked",
        null => isTask ? "unknown" : "",
    };
}
