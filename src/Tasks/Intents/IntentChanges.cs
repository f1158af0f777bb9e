namespace Spiffe.Agent.Tasks.Intents;

/// <summary>How one intent differs from another, or an action from the intent. Whatever is more than <see cref="Narrower"/> is decided anew.</summary>
[Flags]
public enum IntentChanges
{
    /// <summary>The same.</summary>
    None = 0,

    /// <summary>Less is declared; nothing else changed.</summary>
    Narrower = 1,

    /// <summary>Goal, reason, ticket or plan are others.</summary>
    Goal = 2,

    /// <summary>Actions that were not declared.</summary>
    Actions = 4,

    /// <summary>Tools that were not declared.</summary>
    Tools = 8,

    /// <summary>Trust boundaries that were not declared.</summary>
    Boundaries = 16,

    /// <summary>More sensitive data than was declared.</summary>
    Sensitivity = 32,
}
