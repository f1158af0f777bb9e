using System.Collections.Immutable;
using Spiffe.Agent.Replay.Findings;

namespace Spiffe.Agent.Replay;

/// <summary>What a log shows.</summary>
public sealed record ReplaySummary
{
    public required long Entries { get; init; }

    /// <summary>Tasks that began.</summary>
    public required long Tasks { get; init; }

    /// <summary>Tasks that live at the end of the log.</summary>
    public required long Live { get; init; }

    /// <summary>Tasks of which the log has no beginning, because it was cut: nothing is said of them.</summary>
    public required long NotJudged { get; init; }

    public required DecisionCounts Decisions { get; init; }

    public required CredentialCounts Credentials { get; init; }

    /// <summary>How many there are; <see cref="Violations"/> has the first.</summary>
    public required long ViolationCount { get; init; }

    /// <summary>How many there are; <see cref="Remarks"/> has the first.</summary>
    public required long RemarkCount { get; init; }

    /// <summary>In the order of the log.</summary>
    public required ImmutableArray<ReplayFinding> Violations { get; init; }

    /// <summary>In the order of the log.</summary>
    public required ImmutableArray<ReplayFinding> Remarks { get; init; }

    /// <summary>Whether every rule holds, as far as the log shows it.</summary>
    public bool IsClean => ViolationCount == 0;
}
