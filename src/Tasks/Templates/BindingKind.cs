namespace Spiffe.Agent.Tasks.Templates;

/// <summary>What a task hangs on: it ends when that ends.</summary>
public enum BindingKind
{
    /// <summary>One process.</summary>
    Process,

    /// <summary>The cgroup that the process is in.</summary>
    Cgroup,

    /// <summary>This run of a systemd unit.</summary>
    Systemd,

    /// <summary>This container.</summary>
    Container,
}
