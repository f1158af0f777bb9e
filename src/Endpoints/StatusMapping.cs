using Spiffe.Agent.Issuance;
using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Endpoints;

/// <summary>The one place where a refusal becomes a gRPC status. Callers hear a fixed sentence; the log holds the detail.</summary>
internal static class StatusMapping
{
    /// <summary>Workload Endpoint §6: Unavailable while starting or shedding load, PermissionDenied without an identity.</summary>
    public static Status ToStatus(Refusal refusal) => refusal switch
    {
        Refusal.None => new Status(StatusCode.OK, ""),
        Refusal.NotServing => new Status(StatusCode.Unavailable, "not serving yet, or not any more"),
        Refusal.RateLimited => new Status(StatusCode.Unavailable, "too many requests"),
        Refusal.PeerNotVisible => new Status(StatusCode.PermissionDenied, "no identity issued: the agent cannot see the calling process"),
        Refusal.PeerGone or Refusal.EvidenceUnavailable => new Status(StatusCode.Unavailable, "workload attestation failed"),
        Refusal.NoIdentity => new Status(StatusCode.PermissionDenied, "no identity issued"),
        Refusal.NotEntitled => new Status(StatusCode.PermissionDenied, "not entitled to the requested identity"),
        Refusal.NotRecorded => new Status(StatusCode.Unavailable, "it cannot be recorded, so nothing is issued"),
        Refusal.SigningFailed => new Status(StatusCode.Unavailable, "could not sign"),
        _ => new Status(StatusCode.Internal, "internal error"),
    };

    /// <summary>Refusals about tasks. Whether a template or a task exists that is not the caller's is not said.</summary>
    public static Status ToStatus(TaskRefusal refusal) => refusal switch
    {
        TaskRefusal.TemplateNotForCaller => new Status(StatusCode.PermissionDenied, "no such template for this caller"),
        TaskRefusal.EvidenceUnavailable => new Status(StatusCode.Unavailable, "workload attestation failed"),
        TaskRefusal.Malformed => new Status(StatusCode.InvalidArgument, "the request breaks a rule"),
        TaskRefusal.NotYours => new Status(StatusCode.NotFound, "no such task of this process"),
        TaskRefusal.Ambiguous => new Status(StatusCode.InvalidArgument, "task_id must be specified: this process has several tasks"),
        TaskRefusal.NothingGranted => new Status(StatusCode.PermissionDenied, "nothing of what was asked for may be granted"),
        TaskRefusal.PolicyDenied => new Status(StatusCode.PermissionDenied, "policy does not permit it"),
        TaskRefusal.SubjectRefused => new Status(StatusCode.PermissionDenied, "the assertion of the subject does not count"),
        TaskRefusal.NotBindable => new Status(StatusCode.FailedPrecondition, "the process cannot be bound"),
        TaskRefusal.ProcessChanged => new Status(StatusCode.PermissionDenied, "the process is not what it was when the task began"),
        TaskRefusal.TooMany => new Status(StatusCode.ResourceExhausted, "too many live tasks"),
        TaskRefusal.SubtaskNotAllowed => new Status(StatusCode.PermissionDenied, "such a subtask is not allowed"),
        TaskRefusal.WaitsForApproval => new Status(StatusCode.FailedPrecondition, "the task waits for approval"),
        TaskRefusal.Suspended => new Status(StatusCode.FailedPrecondition, "the task is suspended"),
        TaskRefusal.Ended => new Status(StatusCode.PermissionDenied, "the task is over"),
        TaskRefusal.WrongState => new Status(StatusCode.FailedPrecondition, "not in the state that the task is in"),
        TaskRefusal.MayNotApprove => new Status(StatusCode.PermissionDenied, "this user may not answer the approval"),
        TaskRefusal.ApprovalVoid => new Status(StatusCode.FailedPrecondition, "the approval is void"),
        TaskRefusal.NotRecorded => new Status(StatusCode.Unavailable, "it cannot be recorded, so it was not done"),
        _ => new Status(StatusCode.Internal, "internal error"),
    };

    public static RpcException ToException(Refusal refusal) => new(ToStatus(refusal));

    public static RpcException ToException(TaskRefusal refusal) => new(ToStatus(refusal));

    /// <summary>The fixed sentence, and what of the caller's own request it is about.</summary>
    public static RpcException ToException(TaskAnswer answer)
    {
        if (answer.Refusal is TaskRefusal.Caller or TaskRefusal.None) return ToException(answer.Caller is Refusal.None ? Refusal.EvidenceUnavailable : answer.Caller);
        Status status = ToStatus(answer.Refusal);
        return new RpcException(answer.Detail.Length == 0 ? status : new Status(status.StatusCode, $"{status.Detail}: {answer.Detail}"));
    }
}
