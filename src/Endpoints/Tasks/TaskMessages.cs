using Google.Protobuf.WellKnownTypes;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Protocols.Tasks;
using Wire = Spiffe.Agent.Protocols.Tasks;

namespace Spiffe.Agent.Endpoints.Tasks;

/// <summary>Tasks as the wire has them. No secret but the token of a permitted action.</summary>
internal static class TaskMessages
{
    public static TaskHandle Handle(TaskView task)
    {
        TaskHandle handle = new()
        {
            TaskId = task.Id.ToString(),
            SpiffeId = task.SpiffeId.ToString(),
            State = State(task.State),
            Generation = task.Generation,
            AuthorizationDetails = task.Grants,
            LeaseUntil = Moment(task.LeaseUntil),
            Deadline = Moment(task.Deadline),
            DecisionId = task.DecisionId,
            PolicyDigest = task.PolicyDigest,
            IntentS256 = task.IntentDigest,
            Approval = Approval(task.Approval),
            Template = task.Template,
            ParentTaskId = task.Parent?.ToString() ?? "",
            CorrelationId = task.Correlation.ToString(),
            Cause = task.Cause,
            Depth = task.Depth,
            StartedAt = Moment(task.StartedAt),
        };
        handle.Dropped.AddRange(task.Dropped.Select(Dropped));
        return handle;
    }

    public static Wire.OffboardingReceipt Receipt(Issuance.Tasks.Views.OffboardingReceipt receipt)
    {
        Wire.OffboardingReceipt message = new() { TaskId = receipt.Task.ToString(), State = State(receipt.State), EndedAt = Moment(receipt.EndedAt), Cause = receipt.Cause };
        message.RevokedCredentials.AddRange(receipt.Revoked);
        message.EndedSubtasks.AddRange(receipt.Subtasks.Select(id => id.ToString()));
        message.Rights.AddRange(receipt.Rights.Select(Right));
        OffboardingMessages.Write(message, receipt.Check);
        return message;
    }

    public static Wire.ActionDecision Decision(Issuance.Tasks.Views.ActionDecision decision) => new()
    {
        Outcome = decision.Outcome switch
        {
            ActionOutcome.Permit => Wire.ActionDecision.Types.Outcome.Permit,
            ActionOutcome.NeedsApproval => Wire.ActionDecision.Types.Outcome.NeedsApproval,
            ActionOutcome.NeedsIntentUpdate => Wire.ActionDecision.Types.Outcome.NeedsIntentUpdate,
            _ => Wire.ActionDecision.Types.Outcome.Deny,
        },
        Reason = Reason(decision.Reason),
        Detail = decision.Detail,
        ActionToken = decision.Token,
        ExpiresAt = decision.ExpiresAt is { } at ? Moment(at) : null,
        RemainingUses = decision.Remaining,
        DecisionId = decision.DecisionId,
        Approval = Approval(decision.Approval),
        TaskState = State(decision.TaskState),
    };

    public static Wire.TaskEvent Event(Issuance.Tasks.Views.TaskEvent happened) => new()
    {
        Sequence = happened.Sequence,
        At = Moment(happened.At),
        Kind = happened.Kind,
        State = State(happened.State),
        Generation = happened.Generation,
        Detail = happened.Detail,
        TaskId = happened.Task.ToString(),
        CorrelationId = happened.Correlation.ToString(),
        DecisionId = happened.DecisionId,
    };

    public static Right Right(RightView right) => new() { Detail = right.Detail, Used = right.Used, Remaining = right.Remaining };

    public static DroppedGrant Dropped(DroppedRight dropped) => new() { Detail = dropped.Detail, Reason = dropped.Reason };

    public static Approval? Approval(PendingApproval? approval) =>
        approval is null ? null : new Approval { Id = approval.Id, ExpiresAt = Moment(approval.ExpiresAt), Question = approval.Question };

    public static TaskState State(Spiffe.Agent.Tasks.Lifecycle.TaskState state) => state switch
    {
        Spiffe.Agent.Tasks.Lifecycle.TaskState.PendingApproval => TaskState.PendingApproval,
        Spiffe.Agent.Tasks.Lifecycle.TaskState.Active => TaskState.Active,
        Spiffe.Agent.Tasks.Lifecycle.TaskState.Suspended => TaskState.Suspended,
        Spiffe.Agent.Tasks.Lifecycle.TaskState.Completed => TaskState.Completed,
        Spiffe.Agent.Tasks.Lifecycle.TaskState.Failed => TaskState.Failed,
        Spiffe.Agent.Tasks.Lifecycle.TaskState.Expired => TaskState.Expired,
        Spiffe.Agent.Tasks.Lifecycle.TaskState.Revoked => TaskState.Revoked,
        Spiffe.Agent.Tasks.Lifecycle.TaskState.Denied => TaskState.Denied,
        _ => TaskState.Unspecified,
    };

    public static Timestamp Moment(DateTimeOffset moment) => Timestamp.FromDateTimeOffset(moment);

    /// <summary>As the wire names it: <c>NOT_GRANTED</c>; empty for none.</summary>
    private static string Reason(ActionReason reason) => reason switch
    {
        ActionReason.NotGranted => "NOT_GRANTED",
        ActionReason.Exhausted => "EXHAUSTED",
        ActionReason.OutOfOrder => "OUT_OF_ORDER",
        ActionReason.Expired => "EXPIRED",
        ActionReason.Policy => "POLICY",
        ActionReason.BoundaryChanged => "BOUNDARY_CHANGED",
        ActionReason.NotDeclared => "NOT_DECLARED",
        ActionReason.ApprovalNeeded => "APPROVAL_NEEDED",
        ActionReason.ApprovalVoid => "APPROVAL_VOID",
        ActionReason.Suspended => "SUSPENDED",
        ActionReason.Revoked => "REVOKED",
        ActionReason.ProcessChanged => "PROCESS_CHANGED",
        ActionReason.Malformed => "MALFORMED",
        ActionReason.Unavailable => "UNAVAILABLE",
        _ => "",
    };
}
