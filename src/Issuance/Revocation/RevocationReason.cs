namespace Spiffe.Agent.Issuance.Revocation;

/// <summary>Why credentials of a task died before they expired.</summary>
public enum RevocationReason
{
    /// <summary>The task pauses: what it held is suspended, and revoked when it goes on or ends.</summary>
    Suspended,

    /// <summary>The task goes on after a pause, with new credentials.</summary>
    Resumed,

    /// <summary>The task's grant became smaller.</summary>
    Narrowed,

    /// <summary>The task was completed.</summary>
    Completed,

    /// <summary>The task failed, or its process ended without a word.</summary>
    Failed,

    /// <summary>A clock of the task ran out.</summary>
    Expired,

    /// <summary>Somebody, or a policy, took the right away.</summary>
    Withdrawn,

    /// <summary>The task above it ended.</summary>
    ParentEnded,

    /// <summary>It was for one use, and that was made.</summary>
    Spent,

    /// <summary>A credential may be known to others.</summary>
    Compromised,
}
