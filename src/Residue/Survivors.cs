namespace Spiffe.Agent.Residue;

/// <summary>Which processes' environments are looked at, of those that live when a task is over.</summary>
public enum Survivors
{
    /// <summary>None.</summary>
    None,

    /// <summary>Those that did the work, what they started, and whoever is in their cgroup.</summary>
    Task,

    /// <summary>Besides, every process of the same user.</summary>
    User,
}
