using System.Collections.Immutable;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Tasks;
using Spiffe.Agent.Tasks.Lifecycle;

namespace Spiffe.Agent.Issuance.Tasks.Views;

/// <summary>One task at one moment. Immutable, and without secrets.</summary>
public sealed record TaskView
{
    public required TaskId Id { get; init; }

    public required SpiffeId SpiffeId { get; init; }

    public required string Template { get; init; }

    public required string Owner { get; init; }

    /// <summary>What tasks of its template are for, in the operator's words.</summary>
    public string Purpose { get; init; } = "";

    public required TaskState State { get; init; }

    public required int Generation { get; init; }

    /// <summary>Why it is in this state; empty while active.</summary>
    public required string Cause { get; init; }

    /// <summary>What may be done: authorization_details, canonical JSON.</summary>
    public required string Grants { get; init; }

    public ImmutableArray<DroppedRight> Dropped { get; init; } = [];

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset LeaseUntil { get; init; }

    public required DateTimeOffset Deadline { get; init; }

    /// <summary>When it ends because nothing was done, if nothing is; null: idleness does not end it, now.</summary>
    public DateTimeOffset? IdleUntil { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; init; }

    public required string DecisionId { get; init; }

    public required string PolicyDigest { get; init; }

    public ImmutableArray<string> DecidingPolicies { get; init; } = [];

    public required string IntentDigest { get; init; }

    public string Goal { get; init; } = "";

    public string Ticket { get; init; } = "";

    public TaskId? Parent { get; init; }

    /// <summary>The root's id: one for everything that one root task causes.</summary>
    public required TaskId Correlation { get; init; }

    public required int Depth { get; init; }

    public ImmutableArray<string> Chain { get; init; } = [];

    public ImmutableArray<TaskId> Children { get; init; } = [];

    /// <summary>What it hangs on, for people.</summary>
    public required string BoundTo { get; init; }

    public required int ProcessId { get; init; }

    public required uint UserId { get; init; }

    /// <summary>Absolute path of the program, and its digest where it is known.</summary>
    public string Executable { get; init; } = "";

    public string Subject { get; init; } = "";

    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public bool IsAutomatic { get; init; }

    public PendingApproval? Approval { get; init; }

    /// <summary>Every question about it that waits for people.</summary>
    public ImmutableArray<PendingApproval> OpenApprovals { get; init; } = [];

    public ImmutableArray<RightView> Rights { get; init; } = [];

    /// <summary>Actions that were not permitted.</summary>
    public long Withheld { get; init; }

    public ImmutableArray<CredentialView> Credentials { get; init; } = [];

    public OffboardingReceipt? Receipt { get; init; }
}
