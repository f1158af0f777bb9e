using Spiffe.Agent.Issuance.Tasks.Requests;
using Spiffe.Agent.Issuance.Tasks.Views;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Issuance.Tasks.Live;

/// <summary>A question to people, bound to everything that it is about: when any of that is another, the answer counts no more.</summary>
internal sealed class TaskApproval
{
    /// <summary>Open and given approvals of one task. Ours: more questions than anybody reads are an attack on who reads.</summary>
    public const int MaxPerTask = 16;

    public required string Id { get; init; }

    /// <summary>Digest of the action and its parameters; empty: the start of the task.</summary>
    public required string ActionDigest { get; init; }

    public required int Generation { get; init; }

    /// <summary>Digest of what is granted.</summary>
    public required string GrantDigest { get; init; }

    public required string PolicyDigest { get; init; }

    public required TaskTemplate Template { get; init; }

    /// <summary>For people: what is asked for.</summary>
    public required string Question { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The same on the clock that no one sets, as time since boot.</summary>
    public required TimeSpan ExpiresAtUptime { get; init; }

    /// <summary>Who agreed, and until when it may be used; null: nobody yet.</summary>
    public (Operator By, TimeSpan UsableUntil)? Given { get; set; }

    public bool IsToStart => ActionDigest.Length == 0;

    public PendingApproval View => new(Id, ExpiresAt, Question);

    /// <summary>Whether everything that it is bound to still is as it was.</summary>
    public bool IsBoundTo(LiveTask task, string policyDigest) =>
        Generation == task.Generation
        && ReferenceEquals(Template, task.Template)
        && string.Equals(GrantDigest, task.Grants.Digest, StringComparison.Ordinal)
        && string.Equals(PolicyDigest, policyDigest, StringComparison.Ordinal);
}
