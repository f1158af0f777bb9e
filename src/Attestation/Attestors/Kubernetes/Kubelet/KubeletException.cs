namespace Spiffe.Agent.Attestation.Attestors.Kubernetes.Kubelet;

/// <summary>The kubelet could not be asked, or did not answer the question. Its message says where and what helps, and holds no secret.</summary>
internal sealed class KubeletException(string message, Exception? cause = null) : Exception(message, cause);
