namespace Spiffe.Agent.Attestation.Attestors.Kubernetes.Pods;

/// <summary>What kind of JSON value stands at a place.</summary>
internal enum PodListShape
{
    Anything,
    Object,
    Array,
    Text,
}
