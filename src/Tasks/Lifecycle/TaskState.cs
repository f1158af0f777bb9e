namespace Spiffe.Agent.Tasks.Lifecycle;

/// <summary>Where a task stands. Only an active task has credentials; the last five are final.</summary>
public enum TaskState
{
    /// <summary>Policy wants a person to agree first: no credential exists.</summary>
    PendingApproval,

    /// <summary>At work: the only state in which anything is issued.</summary>
    Active,

    /// <summary>Stopped, may go on: every credential is revoked until it does.</summary>
    Suspended,

    /// <summary>Ended as it said.</summary>
    Completed,

    /// <summary>Ended by saying so, or by not saying anything.</summary>
    Failed,

    /// <summary>A clock ended it.</summary>
    Expired,

    /// <summary>Taken away.</summary>
    Revoked,

    /// <summary>Never began: a person said no.</summary>
    Denied,
}
