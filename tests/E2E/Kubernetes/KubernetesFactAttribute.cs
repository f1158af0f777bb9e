using Spiffe.Agent.Tests.E2E.Hosts;

namespace Spiffe.Agent.Tests.E2E.Kubernetes;

/// <summary>A fact about the daemon and pods, on a real node: a stage of its own, since what it takes is built from source.</summary>
public sealed class KubernetesFactAttribute : FactAttribute
{
    /// <summary>Set to 1 by <c>make e2e-kubernetes</c>.</summary>
    private const string Stage = "SPIFFE_AGENT_E2E_KUBERNETES";

    public KubernetesFactAttribute() => Skip = Missing();

    internal static string? Missing() => Environment.GetEnvironmentVariable(Stage) == "1"
        ? JailFactAttribute.Missing("containerd", "ctr", "runc", "gcc", "python3", "openssl", "go", "make", "apt-get")
        : "builds a kubelet first: make e2e-kubernetes";
}
