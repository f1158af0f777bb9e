using Spiffe.Agent.Issuance;
using Spiffe.Agent.Issuance.Admission;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Svids;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Protocols.Tasks;
using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Endpoints.Tasks;

/// <summary>spiffeagent.task.v1.TaskVerifier, for who is shown a task's credentials. Whoever may validate tokens (Workload API §6.2.3) may ask here.</summary>
/// <param name="serving">Whether anything is answered.</param>
/// <param name="allowsUnregistered">Whether attested callers without an identity may ask.</param>
public sealed class TaskVerifierService(Serving serving, bool allowsUnregistered)
{
    /// <summary>Full name of the service.</summary>
    public const string Name = "spiffeagent.task.v1.TaskVerifier";

    public RpcService Describe() => RpcService.Create(Name, TaskReflection.Descriptor)
        .Unary<VerifyTaskRequest, VerifyTaskResponse>("VerifyTask", VerifyTaskRequest.Parser, VerifyTask)
        .Unary<ReportUseRequest, ReportUseResponse>("ReportUse", ReportUseRequest.Parser, ReportUse)
        .ServerStreaming<WatchRevocationsRequest, RevocationUpdate>("WatchRevocations", WatchRevocationsRequest.Parser, WatchRevocations);

    private IssuanceService Service => serving.Issuance ?? throw StatusMapping.ToException(Refusal.NotServing);

    private async Task<VerifyTaskResponse> VerifyTask(VerifyTaskRequest request, ServerCallContext context)
    {
        TaskLimits.Bounded(request.Token, "token", TaskLimits.MaxToken);
        TaskLimits.Bounded(request.Audience, "audience", AudienceSet.MaxLength);
        ReadOnlyMemory<byte> chain = TaskLimits.Bounded(request.X509Svid, "x509_svid", TaskLimits.MaxChain);
        if (request.CredentialCase == VerifyTaskRequest.CredentialOneofCase.None) throw TaskLimits.Invalid("token or x509_svid must be specified");
        using WorkloadLease lease = await AdmitAsync(context);
        bool isToken = request.CredentialCase == VerifyTaskRequest.CredentialOneofCase.Token;
        return Response(isToken
            ? await Service.Tasks.VerifyTokenAsync(request.Token, request.Audience, request.Consume, "", context.CancellationToken)
            : await Service.Tasks.VerifyX509Async(chain, context.CancellationToken));
    }

    private async Task<ReportUseResponse> ReportUse(ReportUseRequest request, ServerCallContext context)
    {
        TaskLimits.Bounded(request.Token, "token", TaskLimits.MaxToken);
        TaskLimits.Bounded(request.Audience, "audience", AudienceSet.MaxLength);
        TaskLimits.Bounded(request.Detail, "detail", TaskLimits.MaxText);
        using WorkloadLease lease = await AdmitAsync(context);
        CredentialVerdict verdict = await Service.Tasks.VerifyTokenAsync(request.Token, request.Audience, consume: true, request.Detail, context.CancellationToken);
        return new ReportUseResponse { Accepted = verdict.IsValid, Reason = verdict.Reason };
    }

    private async Task WatchRevocations(WatchRevocationsRequest request, IServerStreamWriter<RevocationUpdate> stream, ServerCallContext context)
    {
        if (!RevocationCursor.TryParse(TaskLimits.Bounded(request.Cursor, "cursor"), out RevocationCursor cursor)) throw TaskLimits.Invalid("cursor: is none of this service");
        using WorkloadLease lease = await AdmitAsync(context);
        RevocationLedger ledger = Service.Tasks.Ledger;
        bool isFirst = true;
        while (true)
        {
            Task changed = ledger.Changed.Next;
            _ = Service; // Ends a stream that outlived the daemon's readiness.
            if (lease.Refusal is not Refusal.None and Refusal refusal) throw StatusMapping.ToException(refusal);
            for (RevocationPage page = ledger.Read(cursor); isFirst || !page.IsEmpty; page = ledger.Read(cursor))
            {
                await stream.WriteAsync(RevocationMessages.Of(page), context.CancellationToken);
                (cursor, isFirst) = (page.Next, false);
            }

            Task either = Task.WhenAny(changed, lease.Changed);
            await either.WaitAsync(context.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (context.CancellationToken.IsCancellationRequested) return;
        }
    }

    private async ValueTask<WorkloadLease> AdmitAsync(ServerCallContext context)
    {
        Caller caller = ConnectionCaller.Of(context);
        Admitted admitted = await Service.AdmitAsync(caller, context.CancellationToken);
        WorkloadLease lease = admitted.Lease ?? throw StatusMapping.ToException(admitted.Refusal);
        if (allowsUnregistered || lease.IsEntitled) return lease;
        lease.Dispose();
        Service.Denied(caller, Refusal.NoIdentity, context.Method);
        throw StatusMapping.ToException(Refusal.NoIdentity);
    }

    private static VerifyTaskResponse Response(CredentialVerdict verdict)
    {
        VerifyTaskResponse response = new()
        {
            Valid = verdict.IsValid,
            Reason = verdict.Reason,
            AuthorizationDetails = verdict.Grants,
            ExpiresAt = verdict.ExpiresAt is { } at ? TaskMessages.Moment(at) : null,
        };
        if (verdict.Task is not { } task) return response;
        response.State = TaskMessages.State(task.State);
        response.TaskId = task.Id.ToString();
        response.SpiffeId = task.SpiffeId.ToString();
        response.Template = task.Template;
        response.Generation = task.Generation;
        response.Chain.AddRange(task.Chain);
        response.Subject = task.Subject;
        response.CorrelationId = task.Correlation.ToString();
        return response;
    }
}
