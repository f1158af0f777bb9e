using System.Collections.Immutable;
using Spiffe.Agent.Issuance.Journal;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Tasks;
using Spiffe.Agent.Tasks.Decisions;
using Spiffe.Agent.Tasks.Lifecycle;

namespace Spiffe.Agent.Issuance.Tasks;

/// <summary>One thing that happened to one task, as it is written down: who, for whom, what, on what, decided how and why, in which state. Without secrets, and with free text only in <see cref="Words"/>.</summary>
public sealed record TaskEntry : JournalEntry
{
    public required TaskEntryKind Kind { get; init; }

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

    /// <summary>Of a task that begins: the one above it; null: it is a root.</summary>
    public TaskId? Parent { get; init; }

    /// <summary>Of a task that begins: its absolute end, by the wall clock of now.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Of a task that begins: the program.</summary>
    public string Executable { get; init; } = "";

    /// <summary>Where it changes: what it may do from here on, as canonical JSON.</summary>
    public ReadOnlyMemory<byte> Grants { get; init; }

    /// <summary>The decision that this is about; null where nothing was decided.</summary>
    public TaskDecision? Decided { get; init; }

    /// <summary>The decision that the task rests on.</summary>
    public string DecisionId { get; init; } = "";

    public string PolicyDigest { get; init; } = "";

    public string IntentDigest { get; init; } = "";

    /// <summary>Of an action: its name, where, with what tool, for whom.</summary>
    public string Action { get; init; } = "";

    public string Resource { get; init; } = "";

    public string Tool { get; init; } = "";

    public string Audience { get; init; } = "";

    /// <summary>Of a credential: kind, serial number or token id, and expiry.</summary>
    public CredentialKind? CredentialKind { get; init; }

    public string CredentialId { get; init; } = "";

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Credentials that are dead from here on.</summary>
    public ImmutableArray<(CredentialKind Kind, string Id)> Dead { get; init; } = [];

    /// <summary>Of a task that was looked behind: what came of it.</summary>
    public string Outcome { get; init; } = "";

    /// <summary>Ways in which its credentials are refused, each with how many were tested, and those that are not.</summary>
    public ImmutableArray<string> Checks { get; init; } = [];

    /// <summary>What was found, without where: names of files are the work's own words.</summary>
    public ImmutableArray<string> Residue { get; init; } = [];

    /// <summary>SHA-256 of the receipt.</summary>
    public string Digest { get; init; } = "";

    /// <summary>What set it off: a request, an exec, a clock, a reload, an operator.</summary>
    public string Trigger { get; init; } = "";

    /// <summary>Why, or what came of it.</summary>
    public string Detail { get; init; } = "";

    /// <summary>What people or programs said in words of their own: kept so that it can be erased. Empty: nothing.</summary>
    public string Words { get; init; } = "";
}
