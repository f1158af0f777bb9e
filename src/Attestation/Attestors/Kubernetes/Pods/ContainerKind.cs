namespace Spiffe.Agent.Attestation.Attestors.Kubernetes.Pods;

/// <summary>Which of a pod's three lists a container is in.</summary>
internal enum ContainerKind
{
    /// <summary>spec.containers.</summary>
    Regular,

    /// <summary>spec.initContainers, sidecars (those with restartPolicy Always) included.</summary>
    Init,

    /// <summary>Put into a running pod by <c>kubectl debug</c>.</summary>
    Ephemeral,
}
