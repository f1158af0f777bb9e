namespace Spiffe.Agent.Attestation.Attestors.Containerd;

/// <summary>How containerd is asked. Which of its namespaces count is a matter of cgroup layouts: <see cref="Cgroups.CgroupOptions.ContainerdNamespaces"/>.</summary>
public sealed class ContainerdOptions
{
    /// <summary>Path of containerd's socket, which must be root's. Default <c>/run/containerd/containerd.sock</c>: containerd's own.</summary>
    public string Socket { get; init; } = "/run/containerd/containerd.sock";

    /// <summary>The namespace that Kubernetes' containers are in, whose cgroup paths do not name one. Default <c>k8s.io</c>: the CRI plugin's, which has no other.</summary>
    public string KubernetesNamespace { get; init; } = "k8s.io";

    /// <summary>Longest answer that is read, in bytes. Default 1 MiB. Ours: an answer is some 10 KB, most of it the container's OCI specification; gRPC's usual limit is 4 MiB.</summary>
    public int MaxAnswerSize { get; init; } = 1 << 20;
}
