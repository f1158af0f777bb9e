using Google.Protobuf.WellKnownTypes;
using Spiffe.Agent.Issuance;
using Spiffe.Agent.Issuance.Journal;
using Spiffe.Agent.Issuance.Offboarding;
using Spiffe.Agent.Protocols.Admin;
using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Endpoints.Admin;

/// <summary>What operators ask on the admin socket. Who may ask is decided by the mode and group of the socket.</summary>
public sealed class AdminService(Serving serving, IDaemonFacts facts, EntryAdministration entries)
{
    private readonly InventoryAdministration _inventory = new(serving);

    public RpcService Describe()
    {
        RpcService service = RpcService.Create("spiffeagent.admin.v1.Admin", AdminReflection.Descriptor)
            .Unary("GetStatus", GetStatusRequest.Parser, GetStatus)
            .ServerStreaming("GetInventory", GetInventoryRequest.Parser, (GetInventoryRequest request, IServerStreamWriter<InventoryPiece> stream, ServerCallContext context) => _inventory.GetAsync(request, stream, context))
            .Unary("EraseText", EraseTextRequest.Parser, EraseText)
            .Unary("Explain", ExplainRequest.Parser, Explain);
        entries.AddTo(service);
        return service;
    }

    private Task<GetStatusResponse> GetStatus(GetStatusRequest request, ServerCallContext context)
    {
        GetStatusResponse status = new();
        facts.Describe(status);
        if (serving.Issuance is not { } issuance) return Task.FromResult(status);
        status.Identities = issuance.LiveIdentities;
        (status.Tasks, status.TasksWaiting, status.TasksSuspended) = issuance.Tasks.Counts;
        status.Standing = issuance.Tasks.Standing.Length;
        status.TaskCredentials = issuance.Revocations.Count;
        status.Streams = issuance.Counters.OpenStreams;
        status.X509Issued = issuance.Counters.X509;
        status.JwtIssued = issuance.Counters.Jwt;
        status.WitIssued = issuance.Counters.Wit;
        status.Denied = issuance.Counters.Denied;
        status.Reattested = issuance.Counters.Reattestations;
        status.ReattestedChanged = issuance.Counters.ReattestationsChanged;
        status.ReattestedEnded = issuance.Counters.ReattestationsEnded;
        status.ChangesSeen = issuance.Live.HowChangesAreSeen;
        status.Offboarded = new Offboarded
        {
            Verified = issuance.Counters.OffboardedAs(OffboardingState.Verified),
            ResidueFound = issuance.Counters.OffboardedAs(OffboardingState.ResidueFound),
            Incomplete = issuance.Counters.OffboardedAs(OffboardingState.Incomplete),
            StillAccepted = issuance.Counters.OffboardedAs(OffboardingState.StillAccepted),
        };
        InventoryAdministration.Describe(issuance.Inventory, status);
        status.Attestors.AddRange(issuance.Attestors.Select(a => Describe(a)));
        return Task.FromResult(status);
    }

    private async Task<EraseTextResponse> EraseText(EraseTextRequest request, ServerCallContext context)
    {
        IssuanceService issuance = serving.Issuance ?? throw StatusMapping.ToException(Issuance.Refusal.NotServing);
        if (issuance.Texts is not { } texts) throw new RpcException(new Status(StatusCode.FailedPrecondition, "no audit log is kept"));
        return await texts.EraseAsync(OperatorCaller.Of(context), request.Index, context.CancellationToken) switch
        {
            ErasureOutcome.Erased => new EraseTextResponse { Erased = true },
            ErasureOutcome.NothingThere => new EraseTextResponse(),
            ErasureOutcome.NoSuchEntry => throw new RpcException(new Status(StatusCode.OutOfRange, $"the log has no entry {request.Index}")),
            _ => throw StatusMapping.ToException(Issuance.Refusal.NotRecorded),
        };
    }

    private async Task<ExplainResponse> Explain(ExplainRequest request, ServerCallContext context)
    {
        if (request.ProcessId <= 0) throw new RpcException(new Status(StatusCode.InvalidArgument, "process_id must be positive"));
        IssuanceService issuance = serving.Issuance ?? throw StatusMapping.ToException(Issuance.Refusal.NotServing);
        Explanation explanation = await issuance.ExplainAsync(request.ProcessId, context.CancellationToken);
        if (explanation.Fault is not null) throw new RpcException(new Status(StatusCode.NotFound, $"process {request.ProcessId}: {explanation.Fault}"));

        return ExplainMessages.Of(explanation);
    }

    private static Attestor Describe(AttestorHealth attestor) => new()
    {
        Type = attestor.Type,
        Asked = attestor.Asked,
        Failed = attestor.Failed,
        LastFailure = attestor.LastFailure,
        LastFailureAt = attestor.LastFailureAt is { } at ? Timestamp.FromDateTimeOffset(at) : null,
    };
}
