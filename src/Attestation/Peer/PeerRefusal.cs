namespace Spiffe.Agent.Attestation.Peer;

/// <summary>Why a peer is not believed: the proof that was missing. Names go to logs and to <c>explain</c>, never to the caller.</summary>
public enum PeerRefusal
{
    /// <summary>Nothing is wrong.</summary>
    None = 0,

    /// <summary>The pid is 0 or negative, or /proc does not show it: the peer lives in a pid namespace that is not visible from here.</summary>
    PidNotVisible,

    /// <summary>The process has exited; a zombie counts as exited.</summary>
    PeerExited,

    /// <summary>The pid names another process now than the one that connected.</summary>
    PidReused,

    /// <summary>The effective user or group id differs from the one at connect time, as after a setuid exec.</summary>
    CredentialsChanged,

    /// <summary>The number is the id of a thread and not of a process.</summary>
    NotThreadGroupLeader,

    /// <summary>/proc/PID could be opened but not read or not understood.</summary>
    ProcUnreadable,

    /// <summary>The process runs another executable than when the evidence was read.</summary>
    ExecutableChanged,

    /// <summary>The process is in another cgroup than when the evidence was read.</summary>
    CgroupChanged,

    /// <summary>Every attestor that was asked failed.</summary>
    EvidenceUnavailable,

    /// <summary>The user, or the process, has as many pieces of costly evidence waiting as it may; or as many processes are held as can be.</summary>
    TooBusy,

    /// <summary>The kernel gives no pidfd (before Linux 5.3): nothing can be tied to the process.</summary>
    PidFdMissing,

    /// <summary>The process is not, or no longer, a child of the one that names it so.</summary>
    NotAChild,

    /// <summary>The child runs as another user than its parent, which is not root.</summary>
    ChildOfAnotherUser,
}
