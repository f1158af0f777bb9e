namespace Spiffe.Agent.Attestation.Cgroups;

/// <summary>Whose cgroup layout a container's path has. A layout names who can be asked about the container; it is not yet proof that the container exists.</summary>
public enum ContainerRuntime
{
    /// <summary>The layout is Kubernetes' own and does not say (kubelet with the cgroupfs driver).</summary>
    Unknown = 0,

    /// <summary>Docker.</summary>
    Docker,

    /// <summary>Podman.</summary>
    Podman,

    /// <summary>containerd, by itself or under Kubernetes.</summary>
    Containerd,

    /// <summary>CRI-O, under Kubernetes.</summary>
    CriO,
}
