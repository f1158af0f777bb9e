using Spiffe.Agent.Tasks.Lifecycle;

namespace Spiffe.Agent.Issuance.Tasks.Views;

/// <summary>The answer to one question about one action.</summary>
public sealed record ActionDecision
{
    public required ActionOutcome Outcome { get; init; }

    public ActionReason Reason { get; init; }

    /// <summary>For the worker: what is missing.</summary>
    public string Detail { get; init; } = "";

    /// <summary>One audience, one use; empty unless permitted. A secret.</summary>
    public string Token { get; init; } = "";

    /// <summary>The token's id.</summary>
    internal string TokenId { get; init; } = "";

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Uses that are left; -1: not counted.</summary>
    public long Remaining { get; init; } = -1;

    public string DecisionId { get; init; } = "";

    public PendingApproval? Approval { get; init; }

    public TaskState TaskState { get; init; }

    /// <summary>Without the token.</summary>
    public override string ToString() => $"{Outcome} {Reason} {Detail}";
}
