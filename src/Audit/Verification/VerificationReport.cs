using System.Collections.Immutable;
using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Notes;

namespace Spiffe.Agent.Audit.Verification;

/// <summary>What came of verifying a log's directory.</summary>
public sealed record VerificationReport
{
    /// <summary>The log's name; empty where there is no checkpoint to say it.</summary>
    public required string Origin { get; init; }

    /// <summary>Entries that the newest checkpoint is for.</summary>
    public required long Size { get; init; }

    /// <summary>The root that it signs.</summary>
    public required TreeHash Root { get; init; }

    /// <summary>Entries behind it, in the journal.</summary>
    public required long Journaled { get; init; }

    /// <summary>Entries that were there to be read.</summary>
    public required long Read { get; init; }

    /// <summary>Of all entries that were read, in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Time of the first and of the last entry that was read; null when there was none.</summary>
    public required (DateTimeOffset First, DateTimeOffset Last)? Times { get; init; }

    /// <summary>The keys that signed, oldest first, each with the size beyond which it does.</summary>
    public required ImmutableArray<(long Beyond, NoteVerifierKey Key)> Keys { get; init; }

    /// <summary>Witnesses of the policy that cosigned the newest checkpoint, each with its time.</summary>
    public required ImmutableArray<VerifiedSignature> Witnesses { get; init; }

    /// <summary>Older heads in the directory that were held against the tree.</summary>
    public required long Heads { get; init; }

    /// <summary>Bodies that are there and are what was committed to.</summary>
    public required long Bodies { get; init; }

    /// <summary>Entries with a commitment whose body is not there any more.</summary>
    public required long Erased { get; init; }

    /// <summary>How many faults there are; the first hundred of them are in <see cref="Faults"/>.</summary>
    public required long FaultCount { get; init; }

    public required ImmutableArray<Finding> Faults { get; init; }

    /// <summary>What is worth knowing and no fault, up to a hundred.</summary>
    public required ImmutableArray<Finding> Remarks { get; init; }

    /// <summary>Whether every check held.</summary>
    public bool IsIntact => FaultCount == 0;

    /// <summary>Of a directory in which there was nothing to begin with.</summary>
    internal static VerificationReport Empty(FindingList findings) => new()
    {
        Origin = "",
        Size = 0,
        Root = TreeHasher.Empty,
        Journaled = 0,
        Read = 0,
        Bytes = 0,
        Times = null,
        Keys = [],
        Witnesses = [],
        Heads = 0,
        Bodies = 0,
        Erased = 0,
        FaultCount = findings.Faults,
        Faults = findings.KeptFaults,
        Remarks = findings.KeptRemarks,
    };
}
