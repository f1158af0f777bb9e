using Spiffe.Agent.Issuance.Tasks.Requests;
using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Endpoints.Admin;

/// <summary>Who asks on the admin socket.</summary>
internal static class OperatorCaller
{
    /// <summary>By the kernel's word. Without it nobody can be held to what was done.</summary>
    /// <exception cref="RpcException">PermissionDenied: the kernel names nobody.</exception>
    public static Operator Of(ServerCallContext context) =>
        context.Peer is { } peer ? new Operator(peer.UserId, peer.ProcessId) : throw new RpcException(new Status(StatusCode.PermissionDenied, "the agent cannot see the calling process"));
}
