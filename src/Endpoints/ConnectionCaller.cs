using Spiffe.Agent.Issuance.Admission;
using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Endpoints;

/// <summary>The process behind a connection, for every service on it: taken hold of once, let go when the connection ends.</summary>
internal static class ConnectionCaller
{
    public static Caller Of(ServerCallContext context) => context.Connection.GetOrAddState(static connection =>
    {
        Caller caller = connection.Peer is { } peer ? Caller.Open(peer.ProcessId, peer.UserId, peer.GroupId, peer.PidFd) : Caller.Open(0, uint.MaxValue, uint.MaxValue, null);
        connection.Closed.UnsafeRegister(static state => ((Caller)state!).Dispose(), caller);
        return caller;
    });
}
