using System.Collections.Immutable;
using Spiffe.Agent.Replay.Records;
using Spiffe.Agent.Tasks.Decisions;

namespace Spiffe.Agent.Replay.Decisions;

/// <summary>A decision as an entry has it, and what its question must be about.</summary>
internal sealed record RecordedDecision
{
    public required long Seq { get; init; }

    public required DateTimeOffset At { get; init; }

    public required RecordKind Kind { get; init; }

    /// <summary>Null: it names none that is known.</summary>
    public required TaskVerdict? Verdict { get; init; }

    /// <summary>Ids of the policies that decided.</summary>
    public required ImmutableArray<string> Reasons { get; init; }

    public required string InputDigest { get; init; }

    /// <summary>Those of that time; null: the log does not have them.</summary>
    public required TaskPolicies? Policies { get; init; }

    /// <summary>The task; empty: it was refused.</summary>
    public required string Task { get; init; }

    public required string Template { get; init; }

    /// <summary>Empty: not said.</summary>
    public required string Owner { get; init; }

    public required string Subject { get; init; }

    public required string IntentDigest { get; init; }

    /// <summary>Tasks above it, the root first.</summary>
    public required ImmutableArray<string> Ancestors { get; init; }

    /// <summary>Most people whose word may be counted.</summary>
    public required int MaxApprovals { get; init; }

    /// <summary>The task as questions have it, where one was read before.</summary>
    public required TaskEntities? Known { get; init; }

    /// <summary>The question, as it is kept.</summary>
    public required ReadOnlyMemory<byte> Input { get; init; }
}
