namespace Spiffe.Agent.Rpc;

/// <summary>How a call ended. Names and numbers are gRPC's ("Status codes and their use in gRPC").</summary>
public enum StatusCode
{
    /// <summary>It did what was asked.</summary>
    OK = 0,

    /// <summary>The caller, or somebody on its behalf, gave up.</summary>
    Cancelled = 1,

    /// <summary>An error that says nothing about itself; also every exception that a handler did not mean to throw.</summary>
    Unknown = 2,

    /// <summary>The request is wrong whatever the state of the server.</summary>
    InvalidArgument = 3,

    /// <summary>The caller's deadline passed first.</summary>
    DeadlineExceeded = 4,

    /// <summary>What was asked for does not exist.</summary>
    NotFound = 5,

    /// <summary>What was to be created is there already.</summary>
    AlreadyExists = 6,

    /// <summary>The caller is known and not entitled.</summary>
    PermissionDenied = 7,

    /// <summary>A quota or a limit is used up.</summary>
    ResourceExhausted = 8,

    /// <summary>The server's state does not allow it; repeating without changing that state is useless.</summary>
    FailedPrecondition = 9,

    /// <summary>Lost a race; repeat the whole transaction.</summary>
    Aborted = 10,

    /// <summary>Past the end of what exists.</summary>
    OutOfRange = 11,

    /// <summary>No such service or method here.</summary>
    Unimplemented = 12,

    /// <summary>An invariant broke, or the wire carried something malformed.</summary>
    Internal = 13,

    /// <summary>Not now; repeating later is right.</summary>
    Unavailable = 14,

    /// <summary>Lost or damaged data that nothing brings back.</summary>
    DataLoss = 15,

    /// <summary>The caller did not show who it is.</summary>
    Unauthenticated = 16,
}
