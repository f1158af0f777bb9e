using Spiffe.Agent.Tasks.Grants;
using Spiffe.Agent.Tasks.Intents;

namespace Spiffe.Agent.Tasks.Decisions;

/// <summary>What policies are asked.</summary>
public sealed record TaskQuestion
{
    public required TaskAct Act { get; init; }

    /// <summary>Who asks: made once for a task, and used for all its questions.</summary>
    public required TaskEntities Task { get; init; }

    /// <summary>Wall time.</summary>
    public required DateTimeOffset Now { get; init; }

    public required TaskIntent Intent { get; init; }

    /// <summary>Whether the intent is another than when it was last decided.</summary>
    public bool IntentChanged { get; init; }

    /// <summary>Why it is decided now; empty: because it was asked, and the act's name stands for that.</summary>
    public string Trigger { get; init; } = "";

    /// <summary>People who approved this very thing.</summary>
    public int Approvals { get; init; }

    /// <summary>The action; of <see cref="TaskAct.Use"/> only, and there mandatory.</summary>
    public ActionQuestion? Action { get; init; }

    /// <summary>How often the right was used before.</summary>
    public long Uses { get; init; }

    /// <summary>How often it may still be used; null: not counted.</summary>
    public long? Remaining { get; init; }
}
