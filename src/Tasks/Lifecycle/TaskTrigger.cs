namespace Spiffe.Agent.Tasks.Lifecycle;

/// <summary>What can happen to a task. How it began is <see cref="TaskTransitions.Begin"/>.</summary>
public enum TaskTrigger
{
    /// <summary>A person agrees that it starts.</summary>
    Approve,

    /// <summary>A person says no.</summary>
    Deny,

    /// <summary>Nobody answered in time: closed.</summary>
    ApprovalTimedOut,

    /// <summary>The work itself, or an operator, wants it to wait.</summary>
    Suspend,

    /// <summary>An action left the declared intent or boundary.</summary>
    IntentLeft,

    /// <summary>The process is another program, user or cgroup than was attested.</summary>
    EvidenceChanged,

    /// <summary>It was not attested again in time.</summary>
    ReattestOverdue,

    /// <summary>It goes on: attested and decided anew.</summary>
    Resume,

    /// <summary>The work says that it is done.</summary>
    Complete,

    /// <summary>The work says that it failed.</summary>
    Fail,

    /// <summary>The work ended without a word, and its template reads that as done.</summary>
    ExitedComplete,

    /// <summary>The work ended without a word, and its template reads that as failed.</summary>
    ExitedFailed,

    /// <summary>The lease ran out.</summary>
    LeaseExpired,

    /// <summary>It did nothing for too long.</summary>
    IdleExpired,

    /// <summary>It was active for too long in all.</summary>
    ActiveExpired,

    /// <summary>Its absolute end has come.</summary>
    DeadlineReached,

    /// <summary>An operator takes it away.</summary>
    Revoke,

    /// <summary>An operator freezes or kills it and takes it away.</summary>
    Contain,

    /// <summary>Its parent is over: so is it.</summary>
    ParentEnded,

    /// <summary>Decided anew, policy says no.</summary>
    PolicyDenies,

    /// <summary>Its template is gone.</summary>
    TemplateRetired,

    /// <summary>What it hung on outside is over and done: the ticket closed, the stage passed.</summary>
    EndConditionMet,

    /// <summary>What it hung on outside was broken off: the incident was called off, the pipeline aborted.</summary>
    EndConditionAborted,

    /// <summary>Its grant becomes narrower.</summary>
    Narrow,

    /// <summary>Its lease is renewed.</summary>
    Renew,

    /// <summary>Its intent was updated, and policy agrees.</summary>
    IntentChanged,

    /// <summary>It asks for a credential or for an action.</summary>
    Use,
}
