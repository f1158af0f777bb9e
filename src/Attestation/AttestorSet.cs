using Spiffe.Agent.Attestation.Attestors.Containerd;
using Spiffe.Agent.Attestation.Attestors.Engine;
using Spiffe.Agent.Attestation.Attestors.Kubernetes;
using Spiffe.Agent.Attestation.Attestors.Systemd;
using Spiffe.Agent.Attestation.Attestors.Unix;
using Spiffe.Agent.Attestation.Cgroups;

namespace Spiffe.Agent.Attestation;

/// <summary>The attestors that are switched on, and what they share. None of them reads a file or connects anywhere before an entry needs it and a process may have it.</summary>
public sealed class AttestorSet : IDisposable
{
    private readonly List<IAttestor> _attestors = [];

    public AttestorSet(AttestationOptions options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        CgroupReader cgroups = new(options.Cgroups);
        _attestors.Add(new UnixAttestor(options, clock));
        if (options.Systemd is { } systemd) _attestors.Add(new SystemdAttestor(systemd, cgroups, clock));
        if (options.Docker is { } docker) _attestors.Add(new DockerAttestor(docker, cgroups, clock));
        if (options.Podman is { } podman) _attestors.Add(new PodmanAttestor(podman, cgroups, clock));
        if (options.Containerd is { } containerd) _attestors.Add(new ContainerdAttestor(containerd, cgroups));
        if (options.Kubelet is { } kubelet) _attestors.Add(new KubernetesAttestor(kubelet, cgroups, clock));
        Workload = new WorkloadAttestor(_attestors, options, clock);
    }

    /// <summary>All of them together.</summary>
    public WorkloadAttestor Workload { get; }

    public void Dispose()
    {
        foreach (IDisposable attestor in _attestors.OfType<IDisposable>()) attestor.Dispose();
    }
}
