namespace Spiffe.Agent.Issuance.Tasks;

/// <summary>Why a request about a task is not fulfilled. Callers hear a fixed sentence for it, with a detail where that is their own business.</summary>
public enum TaskRefusal
{
    /// <summary>Nothing was refused.</summary>
    None = 0,

    /// <summary>The caller itself was refused: see the other value.</summary>
    Caller,

    /// <summary>There is no such template for this caller. Whether it exists at all is not said.</summary>
    TemplateNotForCaller,

    /// <summary>Evidence that the template asks for could not be taken.</summary>
    EvidenceUnavailable,

    /// <summary>The request breaks a rule; the detail names it.</summary>
    Malformed,

    /// <summary>There is no such task of this process. Whether it exists at all is not said.</summary>
    NotYours,

    /// <summary>The process does several tasks: which one is meant must be said.</summary>
    Ambiguous,

    /// <summary>Nothing of what was asked for may be granted.</summary>
    NothingGranted,

    /// <summary>Policy does not permit it.</summary>
    PolicyDenied,

    /// <summary>The assertion of the subject does not count, or is missing.</summary>
    SubjectRefused,

    /// <summary>The process that was named cannot be bound: it is no child of the caller, or has exited.</summary>
    NotBindable,

    /// <summary>The process, or what it hangs on, is not what it was when the task began.</summary>
    ProcessChanged,

    /// <summary>There are as many live tasks as there may be.</summary>
    TooMany,

    /// <summary>Subtasks would be nested too deep, or may not have this template.</summary>
    SubtaskNotAllowed,

    /// <summary>The task waits for approval.</summary>
    WaitsForApproval,

    /// <summary>The task is suspended.</summary>
    Suspended,

    /// <summary>The task is over.</summary>
    Ended,

    /// <summary>It cannot be done in the state that the task is in.</summary>
    WrongState,

    /// <summary>Who asks may not answer: approver and requester are the same user, or the user is not among the approvers.</summary>
    MayNotApprove,

    /// <summary>What the approval was bound to has changed, or it has timed out.</summary>
    ApprovalVoid,

    /// <summary>What must be written down first cannot be.</summary>
    NotRecorded,
}
