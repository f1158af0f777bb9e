using Spiffe.Agent.Issuance;
using Spiffe.Agent.Issuance.Admission;
using Spiffe.Agent.Protocols.Workload;
using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Endpoints.WorkloadApi;

/// <summary>The SPIFFE Workload API: wire messages in, Issuance's answers out. Decides nothing.</summary>
public sealed partial class WorkloadApiService(Serving serving, WorkloadApiProfiles profiles)
{
    /// <summary>Name of the service; the standard gives it no package.</summary>
    public const string Name = "SpiffeWorkloadAPI";

    private BundleResponses? _bundles;

    /// <summary>The service as it is served: methods of a profile that is switched off have no handler and answer Unimplemented.</summary>
    public RpcService Describe()
    {
        RpcService service = RpcService.Create(Name, WorkloadReflection.Descriptor);
        if (profiles.X509)
        {
            service.ServerStreaming("FetchX509SVID", X509SVIDRequest.Parser, FetchX509Svid)
                .ServerStreaming("FetchX509Bundles", X509BundlesRequest.Parser, (_, stream, context) => FetchBundles(stream, context, b => b.X509));
        }

        if (profiles.Jwt)
        {
            service.Unary("FetchJWTSVID", JWTSVIDRequest.Parser, FetchJwtSvid)
                .ServerStreaming("FetchJWTBundles", JWTBundlesRequest.Parser, (_, stream, context) => FetchBundles(stream, context, b => b.Jwt))
                .Unary("ValidateJWTSVID", ValidateJWTSVIDRequest.Parser, ValidateJwtSvid);
        }

        if (profiles.Wit)
        {
            service.ServerStreaming("FetchWITSVID", WITSVIDRequest.Parser, FetchWitSvid)
                .ServerStreaming("FetchWITBundles", WITBundlesRequest.Parser, (_, stream, context) => FetchBundles(stream, context, b => b.Wit));
        }

        return service;
    }

    private async ValueTask<WorkloadLease> AdmitAsync(ServerCallContext context)
    {
        Admitted admitted = await Issuance.AdmitAsync(ConnectionCaller.Of(context), context.CancellationToken);
        return admitted.Lease ?? throw StatusMapping.ToException(admitted.Refusal);
    }

    private bool MayTrust(WorkloadLease lease) => profiles.AllowUnregisteredBundles || lease.IsEntitled;

    private RpcException Deny(ServerCallContext context, Refusal refusal)
    {
        Issuance.Denied(ConnectionCaller.Of(context), refusal, context.Method);
        return StatusMapping.ToException(refusal);
    }

    /// <summary>Ends a stream that outlived the daemon's readiness: its client should come back to the next one.</summary>
    private void EnsureServing() => _ = Issuance;

    private IssuanceService Issuance => serving.Issuance ?? throw StatusMapping.ToException(Refusal.NotServing);
}
