namespace Spiffe.Agent.Attestation.Attestors.Kubernetes.Pods;

/// <summary>What made a pod: an entry of metadata.ownerReferences.</summary>
internal readonly record struct PodOwner(string Kind, string Name, string Uid);
