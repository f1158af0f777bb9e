namespace Spiffe.Agent.Issuance;

/// <summary>Why a caller gets nothing. Callers hear a fixed sentence for it; the detail goes to the log.</summary>
public enum Refusal
{
    /// <summary>Nothing was refused.</summary>
    None = 0,

    /// <summary>The daemon is not ready to serve yet, or not any more.</summary>
    NotServing,

    /// <summary>The caller's user has used up its share of requests.</summary>
    RateLimited,

    /// <summary>The connecting process cannot be named: it is in a pid namespace that is not visible from here.</summary>
    PeerNotVisible,

    /// <summary>The process that connected is gone, or is another one by now.</summary>
    PeerGone,

    /// <summary>Evidence that a matching entry needs could not be taken.</summary>
    EvidenceUnavailable,

    /// <summary>No entry describes the caller.</summary>
    NoIdentity,

    /// <summary>The caller asked for an identity that is not among its own.</summary>
    NotEntitled,

    /// <summary>It cannot be written down, and what is not written down is not issued.</summary>
    NotRecorded,

    /// <summary>The authority could not sign.</summary>
    SigningFailed,
}
