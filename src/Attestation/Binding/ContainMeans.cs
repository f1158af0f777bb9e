namespace Spiffe.Agent.Attestation.Binding;

/// <summary>By what a process or cgroup was frozen, thawed or killed.</summary>
public enum ContainMeans
{
    /// <summary>Nothing was done.</summary>
    None = 0,

    /// <summary>cgroup.freeze or cgroup.kill: the kernel meets every process at once, those too that are just being forked.</summary>
    Cgroup,

    /// <summary>freezer.state of cgroup v1.</summary>
    Freezer,

    /// <summary>A signal to each process through its pidfd.</summary>
    Signals,
}
