namespace Spiffe.Agent.Attestation.Attestors.Kubernetes.Pods;

/// <summary>Whether a list has the container that the kernel names.</summary>
internal enum PodFindingState
{
    /// <summary>The kubelet has no such pod.</summary>
    PodUnknown,

    /// <summary>The pod is there, the container not: its status comes later.</summary>
    ContainerUnknown,

    /// <summary>The kubelet contradicts the kernel, or itself.</summary>
    Contradicted,

    /// <summary>Kubelet and kernel agree.</summary>
    Found,
}
