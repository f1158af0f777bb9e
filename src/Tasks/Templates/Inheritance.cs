namespace Spiffe.Agent.Tasks.Templates;

/// <summary>Who besides the bound process has a task's identity.</summary>
public enum Inheritance
{
    /// <summary>Nobody: a forked child gets nothing.</summary>
    None,

    /// <summary>Every process of the cgroup, unit or container that the task hangs on.</summary>
    Cgroup,
}
