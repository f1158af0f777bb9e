using System.Collections.Immutable;
using Spiffe.Agent.Attestation.Binding;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Subjects;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Tasks;
using Spiffe.Agent.Tasks.Decisions;
using Spiffe.Agent.Tasks.Grants;
using Spiffe.Agent.Tasks.Intents;
using Spiffe.Agent.Tasks.Lifecycle;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Issuance.Tasks.Live;

/// <summary>One task from its first decision until it is forgotten. What may change is read and written under <see cref="TaskFamily.Gate"/>; what is <see langword="volatile"/> may be read without it.</summary>
internal sealed class LiveTask
{
    private volatile TaskEntitlement? _identity;

    public required TaskId Id { get; init; }

    public required SpiffeId SpiffeId { get; init; }

    public required TaskFamily Family { get; init; }

    public required LiveTask? Parent { get; init; }

    public required TaskBinding Binding { get; init; }

    /// <summary>Who asked for it: the bound process itself, or its parent, which may end it and see how it goes, and nothing else.</summary>
    public required ProcessIdentity Requester { get; init; }

    /// <summary>Whose budget and name: the user who asked. Never the one who approves.</summary>
    public required uint RequesterUserId { get; init; }

    /// <summary>What of the template's selectors the bound process held itself: it must go on holding them.</summary>
    public SelectorSet Held { get; set; } = SelectorSet.Empty;

    public required DelegatedSubject? Subject { get; init; }

    /// <summary>From the root to the parent, with the digest of what each was granted.</summary>
    public required ImmutableArray<(SpiffeId Id, string GrantDigest)> Chain { get; init; }

    public required ImmutableSortedDictionary<string, string> Labels { get; init; }

    public required string IdempotencyKey { get; init; }

    /// <summary>The caller's own public key, PKIX DER; empty: keys are made here.</summary>
    public required ReadOnlyMemory<byte> PublicKey { get; init; }

    public required bool IsAutomatic { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required string Supersedes { get; init; }

    public int Depth => Chain.Length;

    // Under the family's gate from here on.

    /// <summary>As of the last reload: a task follows its template, never beyond its own grant.</summary>
    public required TaskTemplate Template { get; set; }

    public TaskState State { get; set; }

    public int Generation { get; set; } = 1;

    public required TaskClocks Clocks { get; set; }

    public required AuthorizationDetails Grants { get; set; }

    public required UseLedger Uses { get; set; }

    public ImmutableArray<DroppedRight> Dropped { get; set; } = [];

    public required TaskIntent Intent { get; set; }

    /// <summary>What its being rests on; null only before it was decided.</summary>
    public TaskDecision Decision { get; set; } = null!;

    /// <summary>What policies may know of it.</summary>
    public required TaskEntities Entities { get; set; }

    /// <summary>Whether a person agreed that it starts.</summary>
    public bool WasApproved { get; set; }

    public string Cause { get; set; } = "";

    public string Executable { get; set; } = "";

    /// <summary>Its live subtasks: what is over is not kept alive by who began it.</summary>
    public List<LiveTask> Children { get; } = [];

    /// <summary>All that it ever began, in order. No more than <see cref="TaskServiceOptions.MaxFamily"/>.</summary>
    public List<TaskId> Subtasks { get; } = [];

    /// <summary>What each child was given of the counted uses, to be given back when it ends.</summary>
    public UseDebit? Debit { get; set; }

    public TaskHistory History { get; } = new();

    /// <summary>Questions that wait for people or were answered by them: about its start, and about actions.</summary>
    public List<TaskApproval> Approvals { get; } = [];

    public DateTimeOffset? LastUsedAt { get; set; }

    /// <summary>Actions that were not permitted.</summary>
    public long Withheld { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    public OffboardingReceipt? Receipt { get; set; }

    /// <summary>The step in which it ended.</summary>
    public RevocationEvent? EndedBy { get; set; }

    /// <summary>The identity that it had last.</summary>
    public TaskEntitlement? LastIdentity { get; set; }

    /// <summary>When evidence and policy are looked at again in any case, on the task's clock; null: at renewals.</summary>
    public TimeSpan? ReattestAt { get; set; }

    /// <summary>When the daemon renews the lease, on the task's clock; never, where the work renews it.</summary>
    public TimeSpan RenewAt { get; set; } = TimeSpan.MaxValue;

    /// <summary>Whether the daemon is attesting it anew right now.</summary>
    public bool IsRenewing { get; set; }

    /// <summary>Whether the work laid itself down, and so may go on by its own wish.</summary>
    public bool MayResumeItself { get; set; }

    public bool IsLive => !State.IsTerminal();

    /// <summary>The identity of its present generation; null unless it is active.</summary>
    public TaskEntitlement? Identity
    {
        get => _identity;
        set => _identity = value;
    }

    /// <summary>When it is to be looked at next, by the agenda.</summary>
    public long DueAt { get; set; } = long.MaxValue;

    /// <summary>Raised when anything of it is another than before.</summary>
    public ChangeSignal Changed { get; } = new();
}
