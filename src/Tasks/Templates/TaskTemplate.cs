using System.Collections.Immutable;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Tasks.Grants;

namespace Spiffe.Agent.Tasks.Templates;

/// <summary>What the operator says of one kind of task: who may start it, what it may be granted at most, how long it lasts and what it hangs on. Holds no access by itself and is never an identity.</summary>
public sealed record TaskTemplate
{
    /// <summary>Most characters of a name. Ours: leaves room in a SPIFFE ID and in tokens.</summary>
    public const int MaxNameLength = 64;

    /// <summary>One segment of a SPIFFE ID, as it is: a name that is not one is refused, never changed into one.</summary>
    public required string Name { get; init; }

    /// <summary>Who answers for it: a team, an address.</summary>
    public required string Owner { get; init; }

    /// <summary>What it is for, for people.</summary>
    public string Purpose { get; init; } = "";

    /// <summary>Whether it is of tasks or the exception that stands.</summary>
    public TemplateClass Class { get; init; } = TemplateClass.Task;

    /// <summary>What a caller must hold to start it, or to hold its standing identity: all of them, at least one.</summary>
    public required SelectorSet Starters { get; init; }

    /// <summary>The most that a task of it may be granted.</summary>
    public required AuthorizationDetails Ceiling { get; init; }

    /// <summary>Whom its JWT-SVIDs may be for; none: no JWT-SVIDs but action tokens.</summary>
    public ImmutableArray<string> Audiences { get; init; } = [];

    /// <summary>Trust boundaries that its actions may name; none: actions name none.</summary>
    public ImmutableArray<string> Boundaries { get; init; } = [];

    public TaskLifetimes Lifetimes { get; init; } = new();

    /// <summary>What a task of it hangs on.</summary>
    public BindingKind Binding { get; init; } = BindingKind.Process;

    /// <summary>Who besides the bound process has its identity.</summary>
    public Inheritance Inherit { get; init; } = Inheritance.None;

    /// <summary>What it means when the work ends without a word.</summary>
    public ExitMeaning OnExit { get; init; } = ExitMeaning.Failed;

    /// <summary>What happens when the bound process runs another program, changes its user, or leaves its cgroup.</summary>
    public ChangeResponse OnChange { get; init; } = ChangeResponse.Suspend;

    /// <summary>What happens when an action leaves what was declared.</summary>
    public ViolationResponse OnViolation { get; init; } = ViolationResponse.Suspend;

    /// <summary>When people are asked.</summary>
    public ApprovalRule Approval { get; init; } = new();

    /// <summary>How often evidence and policy are looked at again even if nothing happens; null: at renewals only.</summary>
    public TimeSpan? ReattestEvery { get; init; }

    /// <summary>Whether a unit's or container's run is the task: it begins with the first call of a process that holds <see cref="Starters"/>, without StartTask.</summary>
    public bool IsAutomatic { get; init; }

    /// <summary>Whether its SVIDs come before the caller's own in the Workload API.</summary>
    public bool IsDefaultIdentity { get; init; }

    /// <summary>Levels of subtasks under a root.</summary>
    public int MaxDepth { get; init; } = 3;

    /// <summary>Live tasks of this template.</summary>
    public int MaxLive { get; init; } = 1000;

    /// <summary>Live subtasks directly under one task.</summary>
    public int MaxChildren { get; init; } = 64;

    /// <summary>Templates that subtasks may have; this one only, when none is named.</summary>
    public ImmutableArray<string> SubtaskTemplates { get; init; } = [];

    /// <summary>Where it is looked for what it left behind.</summary>
    public ResidueRule Residue { get; init; } = new();

    /// <summary>On whose behalf.</summary>
    public SubjectRule Subject { get; init; } = new();

    /// <summary>Why access must stand; of <see cref="TemplateClass.Persistent"/> only, and there mandatory.</summary>
    public string Reason { get; init; } = "";

    /// <summary>When that must have been looked at again: the identity stops at the end of this day, UTC. Mandatory for <see cref="TemplateClass.Persistent"/>.</summary>
    public DateOnly? ReviewBy { get; init; }

    /// <summary>Where it was written, for people.</summary>
    public string Origin { get; init; } = "";

    /// <summary>Whether it gives identities at this moment: a standing one until the end of its review day, UTC, and not at all without one.</summary>
    public bool IsServedAt(DateTimeOffset now) => Class == TemplateClass.Task || (ReviewBy is { } day && DateOnly.FromDateTime(now.UtcDateTime) <= day);
    /// <summary>Whether it asks for <paramref name="type"/>, and all that it asks for is held or of a type of which nothing is known.</summary>
    public bool MightStart(SelectorSet held, string type, IReadOnlyList<string> open)
    {
        ArgumentNullException.ThrowIfNull(held);
        ArgumentNullException.ThrowIfNull(open);
        bool asks = false;
        foreach (Selector selector in Starters)
        {
            if (!held.Contains(selector) && !open.Contains(selector.Type, StringComparer.Ordinal)) return false;
            asks |= string.Equals(selector.Type, type, StringComparison.Ordinal);
        }

        return asks;
    }
}
