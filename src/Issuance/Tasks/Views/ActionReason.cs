namespace Spiffe.Agent.Issuance.Tasks.Views;

/// <summary>Why an action is not permitted.</summary>
public enum ActionReason
{
    None = 0,

    /// <summary>No right covers it.</summary>
    NotGranted,

    /// <summary>The right is used up.</summary>
    Exhausted,

    /// <summary>An earlier step is still to be done, or a later one was.</summary>
    OutOfOrder,

    /// <summary>The right has ended.</summary>
    Expired,

    /// <summary>Policy does not permit it now.</summary>
    Policy,

    /// <summary>It leaves the trust boundary.</summary>
    BoundaryChanged,

    /// <summary>The action, the tool or the sensitivity is not among the declared ones.</summary>
    NotDeclared,

    /// <summary>Somebody must agree first.</summary>
    ApprovalNeeded,

    /// <summary>The approval does not count for this action, or not any more.</summary>
    ApprovalVoid,

    /// <summary>The task is suspended.</summary>
    Suspended,

    /// <summary>The task is over.</summary>
    Revoked,

    /// <summary>The process is no longer what it was.</summary>
    ProcessChanged,

    /// <summary>The question breaks a rule.</summary>
    Malformed,

    /// <summary>What must be written down first cannot be, or it could not be signed.</summary>
    Unavailable,
}
