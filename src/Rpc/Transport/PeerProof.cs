namespace Spiffe.Agent.Rpc.Transport;

/// <summary>How a peer is held, from weak to strong.</summary>
public enum PeerProof
{
    /// <summary>By pid and start time, looked at once a second: kernels before 5.3 and sandboxes without pidfds.</summary>
    StartTime = 0,

    /// <summary>By a pidfd opened when the connection was accepted (kernels before 6.5): a process that took over the pid between connect and accept is not told apart.</summary>
    PidFdAtAccept,

    /// <summary>By the pidfd of the connector itself (SO_PEERPIDFD, kernel 6.5).</summary>
    PidFdAtConnect,
}
