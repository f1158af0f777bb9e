namespace Spiffe.Agent.Rpc.Transport;

/// <summary>Why the transport did not accept a connection, or ended it.</summary>
public enum PeerRejection
{
    /// <summary>As many connections are open as the limit allows.</summary>
    TooManyConnections = 0,

    /// <summary>The user has as many connections open as one user may.</summary>
    TooManyOfUser,

    /// <summary>The process or the machine is out of file descriptors.</summary>
    NoDescriptors,

    /// <summary>The peer's pid is 0: it lives in a pid namespace that is not visible from here.</summary>
    PidNotVisible,

    /// <summary>The process that connected has exited, before it was accepted or since.</summary>
    PeerExited,

    /// <summary>Bytes came from another process than the one that connected.</summary>
    ForeignSegment,

    /// <summary>Descriptors came along with the bytes; none was installed.</summary>
    DescriptorsPassed,

    /// <summary>The kernel does not say who the peer is.</summary>
    PeerUnknown,
}
