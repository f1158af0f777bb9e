namespace Spiffe.Agent.Configuration;

/// <summary><c>sockets</c>: where the daemon listens.</summary>
public sealed class SocketsOptions
{
    /// <summary><c>sockets.workload</c>: the Workload API. By default <c>/run/spiffe/workload.sock</c>, mode 0666: who may have an identity is for the entries to say.</summary>
    public required SocketOptions Workload { get; init; }

    /// <summary><c>sockets.admin</c>: the operator's. By default <c>/run/spiffe-agent/admin.sock</c>, mode 0660; never open to others.</summary>
    public required SocketOptions Admin { get; init; }
}
