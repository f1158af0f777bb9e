namespace Spiffe.Agent.Attestation.Attestors.Kubernetes.Pods;

/// <summary>A pod that the kubelet lists: what selectors speak of, and no more. Empty where the pod has nothing.</summary>
/// <remarks>A static pod (a file on the node) is listed under the uid that its cgroup has, a hash of 32 digits; its mirror in the API server, which has a uid of its own, runs
/// nothing and is left out. Read in kubelet's Kubelet.GetPods and pod.Manager.</remarks>
internal sealed class Pod
{
    internal required string Uid { get; init; }

    internal required string Name { get; init; }

    internal required string Namespace { get; init; }

    internal required string ServiceAccount { get; init; }

    internal required string NodeName { get; init; }

    internal required IReadOnlyList<KeyValuePair<string, string>> Labels { get; init; }

    internal required IReadOnlyList<PodOwner> Owners { get; init; }

    internal required IReadOnlyList<PodContainer> Containers { get; init; }
}
