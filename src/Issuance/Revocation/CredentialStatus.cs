namespace Spiffe.Agent.Issuance.Revocation;

/// <summary>What the ledger says of a credential. It only ever gets worse: valid → suspended → revoked.</summary>
/// <remarks>Nothing is restored. A task that resumes gets new credentials of its next generation, so what was suspended is never valid again.</remarks>
public enum CredentialStatus
{
    /// <summary>Alive; 0 in a status list.</summary>
    Valid = 0,

    /// <summary>Dead for good; 1 in a status list.</summary>
    Revoked = 1,

    /// <summary>Dead because its task pauses; 2 in a status list.</summary>
    Suspended = 2,

    /// <summary>Not in the ledger: none of a task's, or expired long ago.</summary>
    Unknown = -1,
}
