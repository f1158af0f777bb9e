namespace Spiffe.Agent.Tasks.Lifecycle;

/// <summary>
/// The one table of a task's life: for every state and everything that can happen, the state that follows or a refusal. Final states refuse everything; the deadline, its parent, its
/// process and its operator end a task in every state that is not final.
/// </summary>
public static class TaskTransitions
{
    /// <summary>Everything that can happen, in order.</summary>
    public static IReadOnlyList<TaskTrigger> Triggers { get; } = Enum.GetValues<TaskTrigger>();

    /// <summary>How a task begins: at work, or waiting for a person. One that policy denies never begins.</summary>
    public static TaskState Begin(bool needsApproval) => needsApproval ? TaskState.PendingApproval : TaskState.Active;

    /// <summary>The state that follows; null: refused, and the task stays what it is.</summary>
    public static TaskState? Next(TaskState state, TaskTrigger trigger) => state.IsTerminal() ? null : trigger switch
    {
        TaskTrigger.Approve => state == TaskState.PendingApproval ? TaskState.Active : null,
        TaskTrigger.Deny => state == TaskState.PendingApproval ? TaskState.Denied : null,
        TaskTrigger.ApprovalTimedOut => state == TaskState.PendingApproval ? TaskState.Expired : null,

        // Suspending what is suspended changes nothing. What was never approved has nothing to suspend: when what was approved may no longer be what was asked for, it is revoked.
        TaskTrigger.Suspend => state == TaskState.PendingApproval ? null : TaskState.Suspended,
        TaskTrigger.IntentLeft or TaskTrigger.EvidenceChanged or TaskTrigger.ReattestOverdue => state == TaskState.PendingApproval ? TaskState.Revoked : TaskState.Suspended,
        TaskTrigger.Resume => state == TaskState.Suspended ? TaskState.Active : null,

        // Work that was not let begin cannot be complete.
        TaskTrigger.Complete => state == TaskState.PendingApproval ? null : TaskState.Completed,
        TaskTrigger.ExitedComplete or TaskTrigger.EndConditionMet => state == TaskState.PendingApproval ? TaskState.Failed : TaskState.Completed,
        TaskTrigger.Fail or TaskTrigger.ExitedFailed => TaskState.Failed,

        // Nothing is idle or at work before it begins or while it is suspended: those clocks stand still then.
        TaskTrigger.IdleExpired or TaskTrigger.ActiveExpired => state == TaskState.Active ? TaskState.Expired : null,
        TaskTrigger.LeaseExpired or TaskTrigger.DeadlineReached => TaskState.Expired,

        TaskTrigger.Revoke or TaskTrigger.Contain or TaskTrigger.ParentEnded or TaskTrigger.PolicyDenies or TaskTrigger.TemplateRetired or TaskTrigger.EndConditionAborted => TaskState.Revoked,

        TaskTrigger.Narrow => state,
        TaskTrigger.Renew or TaskTrigger.IntentChanged or TaskTrigger.Use => state == TaskState.Active ? TaskState.Active : null,
        _ => null,
    };

    /// <summary>Whether what the task held before is revoked by this: a new generation begins. Narrowing and resuming; an approval begins the first one.</summary>
    public static bool RaisesGeneration(TaskState state, TaskTrigger trigger) => trigger is TaskTrigger.Narrow or TaskTrigger.Resume && Next(state, trigger) is not null;
}
