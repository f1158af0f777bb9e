namespace Spiffe.Agent.Attestation;

/// <summary>Why a piece of evidence was not believed.</summary>
public enum EvidenceRefusal
{
    /// <summary>The id has no name here, or the name service failed or answered nonsense.</summary>
    NameUnknown = 1,

    /// <summary>The daemon may not look: it needs CAP_SYS_PTRACE.</summary>
    NotPermitted,

    /// <summary>The executable has been deleted or replaced: its path names nothing, or another file.</summary>
    ExecutableDeleted,

    /// <summary>The path, looked up from here, is another file: the process sees it through its own mounts, or another has taken its place.</summary>
    PathNamesAnotherFile,

    /// <summary>The path is not UTF-8, holds control characters or is too long for a selector.</summary>
    PathUnprintable,

    /// <summary>The executable is larger than the limit, or hashing is switched off.</summary>
    TooLarge,

    /// <summary>The executable changed while it was hashed.</summary>
    ChangedWhileRead,

    /// <summary>The executable lies on a file system that a user may serve (FUSE): what is read need not be what runs.</summary>
    FileSystemNotTrusted,

    /// <summary>The peer's pid namespace belongs to another user namespace: its root may stamp segments with another's pid (SCM_CREDENTIALS), so nothing ties the
    /// bytes of the connection to the program that this pid runs.</summary>
    SegmentsForgeable,

    /// <summary>Reading failed; the detail has the errno.</summary>
    Unreadable,

    /// <summary>/proc/PID/cgroup is not what a kernel writes, or its lines contradict each other.</summary>
    CgroupAmbiguous,

    /// <summary>The cgroup lies outside of the agent's cgroup namespace (<c>/..</c>): run the agent in the host's.</summary>
    CgroupOutOfView,

    /// <summary>The cgroup has been removed: <c>(deleted)</c>.</summary>
    CgroupDeleted,

    /// <summary>The cgroup's directory does not belong to who must have made it.</summary>
    CgroupOwner,

    /// <summary>The process belongs to another user than the cgroup it is in: what that user's service manager or runtime says does not count for it.</summary>
    CgroupUser,

    /// <summary>The runtime, kubelet or service manager knows nothing of what the cgroup names.</summary>
    NotKnownToRuntime,

    /// <summary>The runtime, kubelet or service manager contradicts the kernel.</summary>
    RuntimeDisagrees,

    /// <summary>A socket or certificate of the service that would be asked does not belong to whom it must.</summary>
    ServiceNotTrusted,

    /// <summary>The cgroup names something that only a service could vouch for, and the configuration names no such service.</summary>
    ServiceNotConfigured,

    /// <summary>The answer is longer than the limit, or not what the protocol says.</summary>
    AnswerMalformed,

    /// <summary>No answer within the attestor's deadline.</summary>
    TimedOut,

    /// <summary>The attestor failed.</summary>
    AttestorFailed,
}
