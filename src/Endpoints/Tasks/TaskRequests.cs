using System.Collections.Immutable;
using System.Text;
using Google.Protobuf.WellKnownTypes;
using Spiffe.Agent.Issuance.Svids;
using Spiffe.Agent.Issuance.Tasks;
using Spiffe.Agent.Issuance.Tasks.Requests;
using Spiffe.Agent.Protocols.Tasks;
using Spiffe.Agent.Rpc;
using Spiffe.Agent.Tasks.Intents;

namespace Spiffe.Agent.Endpoints.Tasks;

/// <summary>What callers ask about tasks, from the wire: bounded, and otherwise as they wrote it.</summary>
internal static class TaskRequests
{
    /// <exception cref="RpcException">InvalidArgument: something is too long, no duration, or no intent.</exception>
    public static StartTask Start(StartTaskRequest request) => new()
    {
        IdempotencyKey = TaskLimits.Bounded(request.IdempotencyKey, "idempotency_key"),
        Template = TaskLimits.Bounded(request.Template, "template"),
        Intent = Intent(request.Intent),
        Grants = Details(request.AuthorizationDetails),
        Lease = Span(request.Lease, "lease"),
        Deadline = Span(request.Deadline, "deadline"),
        SubjectToken = TaskLimits.Bounded(request.SubjectToken, "subject_token", TaskLimits.MaxToken),
        ChildProcessId = request.Binding?.ChildProcessId ?? 0,
        Labels = TaskLimits.Bounded(request.Labels, "labels").ToImmutableSortedDictionary(StringComparer.Ordinal),
        CertificateRequest = TaskLimits.Bounded(request.CertificateRequest, "certificate_request", TaskLimits.MaxCertificateRequest),
        Supersedes = TaskLimits.Bounded(request.Supersedes, "supersedes"),
    };

    /// <inheritdoc cref="Start"/>
    public static TaskIntent Intent(Intent? intent)
    {
        if (intent is null) return TaskIntent.None;
        IntentDraft draft = new()
        {
            Goal = TaskLimits.Bounded(intent.Goal, "intent.goal", TaskLimits.MaxText),
            Reason = TaskLimits.Bounded(intent.Reason, "intent.reason", TaskLimits.MaxText),
            Ticket = TaskLimits.Bounded(intent.Ticket, "intent.ticket"),
            ExpectedActions = TaskLimits.Bounded(intent.ExpectedActions, "intent.expected_actions"),
            Tools = TaskLimits.Bounded(intent.Tools, "intent.tools"),
            Boundaries = TaskLimits.Bounded(intent.Boundaries, "intent.boundaries"),
            MaxSensitivity = TaskLimits.Bounded(intent.MaxSensitivity, "intent.max_sensitivity"),
            PlanDigest = TaskLimits.Bounded(intent.PlanS256, "intent.plan_s256"),
        };
        return TaskIntent.TryCreate(draft, out TaskIntent? read, out string? fault) ? read : throw TaskLimits.Invalid($"intent.{fault}");
    }

    /// <inheritdoc cref="Start"/>
    public static ActionAsk Ask(AuthorizeActionRequest request)
    {
        Protocols.Tasks.Action action = request.Action ?? throw TaskLimits.Invalid("action must be specified");
        return new ActionAsk
        {
            Type = TaskLimits.Bounded(action.Type, "action.type"),
            Action = TaskLimits.Bounded(action.Action_, "action.action"),
            Location = TaskLimits.Bounded(action.Location, "action.location", TaskLimits.MaxText),
            Datatype = TaskLimits.Bounded(action.Datatype, "action.datatype"),
            Sensitivity = TaskLimits.Bounded(action.Sensitivity, "action.sensitivity"),
            Tool = TaskLimits.Bounded(action.Tool, "action.tool"),
            Boundary = TaskLimits.Bounded(action.Boundary, "action.boundary"),
            Reason = TaskLimits.Bounded(action.Reason, "action.reason", TaskLimits.MaxText),
            Parameters = Encoding.UTF8.GetBytes(TaskLimits.Bounded(action.Parameters, "action.parameters", TaskLimits.MaxDetails)),
            Audience = TaskLimits.Bounded(action.Audience, "action.audience", AudienceSet.MaxLength),
            ApprovalId = TaskLimits.Bounded(request.ApprovalId, "approval_id"),
        };
    }

    /// <inheritdoc cref="Start"/>
    public static TaskCredentialWish Wish(FetchTaskCredentialsRequest request)
    {
        TaskLimits.Bounded(request.Audiences, "audiences", AudienceSet.MaxLength);
        AudienceSet? audiences = null;
        if (request.Audiences.Count > 0) audiences = AudienceSet.TryCreate(request.Audiences, out string fault) ?? throw TaskLimits.Invalid($"audiences: {fault}");
        if (request.Kinds.FirstOrDefault(kind => kind is not ("x509" or "jwt" or "wit")) is not null) throw TaskLimits.Invalid("kinds: x509, jwt and wit");
        bool all = request.Kinds.Count == 0;
        bool wantsJwt = request.Kinds.Contains("jwt");
        if (wantsJwt && audiences is null) throw TaskLimits.Invalid("audiences: must be specified for jwt");
        return new TaskCredentialWish(all || request.Kinds.Contains("x509"), all || request.Kinds.Contains("wit"), all || wantsJwt ? audiences : null);
    }

    public static ReadOnlyMemory<byte> Details(string details) => Encoding.UTF8.GetBytes(TaskLimits.Bounded(details, "authorization_details", TaskLimits.MaxDetails));

    /// <summary>Null when it is not said.</summary>
    /// <exception cref="RpcException">InvalidArgument: it is no duration (out of protobuf's range, or of ours).</exception>
    public static TimeSpan? Span(Duration? duration, string field)
    {
        if (duration is null) return null;
        const long longest = 10 * 365 * 86_400L; // Ten years, in seconds: what is longer is a mistake, and none is given that long.
        if (duration.Seconds is < 0 or > longest || duration.Nanos is < 0 or > 999_999_999) throw TaskLimits.Invalid($"{field}: is no duration from 0 to 10 years");
        return duration.ToTimeSpan();
    }
}
