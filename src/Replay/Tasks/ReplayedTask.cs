using Spiffe.Agent.Tasks.Decisions;
using Spiffe.Agent.Tasks.Grants;
using Spiffe.Agent.Tasks.Lifecycle;

namespace Spiffe.Agent.Replay.Tasks;

/// <summary>A task as the entries so far have it.</summary>
internal sealed class ReplayedTask
{
    public required TaskKey Key { get; init; }

    public required string Id { get; init; }

    public required ReplayedFamily Family { get; init; }

    public required ReplayedTask? Parent { get; init; }

    /// <summary>How many are above it.</summary>
    public int Depth => Parent is null ? 0 : Parent.Depth + 1;

    public required long StartedSeq { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>By the wall clock at its start.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>By how much clocks had been set by then.</summary>
    public required TimeSpan ClockAtStart { get; init; }

    public required string Template { get; init; }

    public required string Owner { get; init; }

    public required string Subject { get; init; }

    public TaskState State { get; set; }

    public int Generation { get; set; } = 1;

    public required AuthorizationDetails Grants { get; set; }

    public required UseLedger Uses { get; set; }

    /// <summary>What it was given of the counted uses of the one above.</summary>
    public UseDebit? Debit { get; set; }

    /// <summary>Live ones, in the order in which they began.</summary>
    public List<ReplayedTask> Children { get; } = [];

    /// <summary>What has not expired.</summary>
    public List<ReplayedCredential> Credentials { get; } = [];

    /// <summary>Credentials that were revoked before they were written down as issued.</summary>
    public HashSet<string>? DeadEarly { get; set; }

    public string IntentDigest { get; set; } = "";

    /// <summary>The decision that it rests on.</summary>
    public string DecisionId { get; set; } = "";

    public string PolicyDigest { get; set; } = "";

    /// <summary>Whether a person agreed that it begins.</summary>
    public bool WasApproved { get; set; }

    /// <summary>Actions that people agreed to in this generation, and that were not done yet.</summary>
    public int Approvals { get; set; }

    /// <summary>Actions that were permitted since the grant is what it is.</summary>
    public long Permitted { get; set; }

    /// <summary>Steps that were taken before the ones below them stand in the log.</summary>
    public List<EarlyStep>? EarlySteps { get; set; }

    /// <summary>When the last step that counts was asked for, in milliseconds since 1970.</summary>
    public long LastStepAsked { get; set; } = long.MinValue;

    /// <summary>As questions have it: read once.</summary>
    public TaskEntities? Entities { get; set; }

    /// <summary>When the last of its credentials expires.</summary>
    public DateTimeOffset LastExpiry { get; set; }

    public bool IsLive => !State.IsTerminal();
}
