namespace Spiffe.Agent.Tasks.Templates;

/// <summary>Whose environments are looked at when a task is over.</summary>
public enum SurvivorRule
{
    /// <summary>Of the processes that did the work, of what they started, and of whoever is in their cgroup.</summary>
    Task,

    /// <summary>Of every process of the same user besides.</summary>
    User,

    /// <summary>Nobody's.</summary>
    None,
}
