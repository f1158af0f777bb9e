namespace Spiffe.Agent.Attestation.Attestors.Kubernetes.Pods;

/// <summary>What a list says of the container that the kernel names.</summary>
/// <param name="State">Whether it is there.</param>
/// <param name="Pod">The pod, when it is.</param>
/// <param name="Container">The container, when it is.</param>
/// <param name="Detail">When it is not: why, for people.</param>
internal readonly record struct PodFinding(PodFindingState State, Pod? Pod, PodContainer? Container, string Detail);
