namespace Spiffe.Agent.Tasks.Templates;

/// <summary>Who renews a task's lease.</summary>
public enum Renewal
{
    /// <summary>The daemon, at half of the lease: it attests and decides anew. For work that cannot ask.</summary>
    Automatic,

    /// <summary>The work itself, by RenewTask; otherwise the task expires.</summary>
    Explicit,
}
