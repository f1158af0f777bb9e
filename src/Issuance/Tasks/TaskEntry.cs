using System.Collections.Immutable;
using Spiffe.Agent.Tasks;
using Spiffe.Agent.Tasks.Lifecycle;

namespace Spiffe.Agent.Issuance.Tasks;

/// <summary>One thing that happened to one task, as it is written down: who, for whom, what, on what, decided how and why, in which state. Without secrets and without free text of callers.</summary>
public sealed record TaskEntry
{
    public required TaskEntryKind Kind { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Null where there is no task: it was refused.</summary>
    public required TaskId? Task { get; init; }

    /// <summary>The root's id: one for everything that one root task causes.</summary>
    public required TaskId? Correlation { get; init; }

    public required string SpiffeId { get; init; }

    public required string Template { get; init; }

    public required string Owner { get; init; }

    public required TaskState State { get; init; }

    public required int Generation { get; init; }

    /// <summary>The process, for people: pid, uid and the kernel's number.</summary>
    public required string Process { get; init; }

    /// <summary>On whose behalf: issuer and subject; empty: nobody's.</summary>
    public string Subject { get; init; } = "";

    /// <summary>What it rests on: the policies that decided, and the digest of all of them.</summary>
    public ImmutableArray<string> Policies { get; init; } = [];

    public string PolicyDigest { get; init; } = "";

    public string DecisionId { get; init; } = "";

    /// <summary>SHA-256 of what was asked of the policies.</summary>
    public string InputDigest { get; init; } = "";

    public string IntentDigest { get; init; } = "";

    /// <summary>Of an action: its name, where, with what tool, for whom.</summary>
    public string Action { get; init; } = "";

    public string Resource { get; init; } = "";

    public string Tool { get; init; } = "";

    public string Audience { get; init; } = "";

    /// <summary>Of a credential: kind, serial number or token id, and expiry.</summary>
    public string CredentialKind { get; init; } = "";

    public string CredentialId { get; init; } = "";

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>What set it off: a request, an exec, a clock, a reload, an operator.</summary>
    public string Trigger { get; init; } = "";

    /// <summary>Why, or what came of it.</summary>
    public string Detail { get; init; } = "";
}
