namespace Spiffe.Agent.Configuration;

/// <summary><c>attestors</c>: how evidence about callers is taken.</summary>
public sealed class AttestorsOptions
{
    /// <summary><c>timeout</c>: how long one attestor may take before it counts as failed. 1s to 30s, 5s by default.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary><c>attestors.unix</c>.</summary>
    public required UnixAttestorOptions Unix { get; init; }

    /// <summary><c>attestors.systemd</c>.</summary>
    public required SystemdAttestorOptions Systemd { get; init; }

    /// <summary><c>attestors.docker</c>.</summary>
    public required DockerAttestorOptions Docker { get; init; }

    /// <summary><c>attestors.podman</c>.</summary>
    public required PodmanAttestorOptions Podman { get; init; }

    /// <summary><c>attestors.containerd</c>.</summary>
    public required ContainerdAttestorOptions Containerd { get; init; }

    /// <summary><c>attestors.kubernetes</c>.</summary>
    public required KubernetesAttestorOptions Kubernetes { get; init; }

    /// <summary>Whether evidence of this type of selector is taken; false for a type that nobody knows.</summary>
    public bool Takes(string type) => type switch
    {
        "unix" => true,
        "systemd" => Systemd.IsEnabled,
        "docker" => Docker.IsEnabled,
        "podman" => Podman.IsEnabled,
        "containerd" => Containerd.IsEnabled,
        "k8s" => Kubernetes.IsEnabled,
        _ => false,
    };
}
