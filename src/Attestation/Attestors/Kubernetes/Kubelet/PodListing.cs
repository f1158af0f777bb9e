using Spiffe.Agent.Attestation.Attestors.Kubernetes.Pods;

namespace Spiffe.Agent.Attestation.Attestors.Kubernetes.Kubelet;

/// <summary>The outcome of one question to the kubelet.</summary>
/// <param name="Begun">When it was asked, by the clock that counts (<see cref="TimeProvider.GetTimestamp"/>).</param>
/// <param name="Pods">The answer; null when there was none.</param>
/// <param name="Failure">Why there was none.</param>
internal sealed record PodListing(long Begun, PodList? Pods, KubeletException? Failure);
