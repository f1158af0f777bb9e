using Spiffe.Agent.Issuance;
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
        Refusal.SigningFailed => new Status(StatusCode.Unavailable, "could not sign"),
        _ => new Status(StatusCode.Internal, "internal error"),
    };

    public static RpcException ToException(Refusal refusal) => new(ToStatus(refusal));
}
