using Spiffe.Agent.Tests.E2E.Hosts;

namespace Spiffe.Agent.Tests.E2E.Containerd;

/// <summary>A fact about the daemon and containers that nobody but containerd knows.</summary>
public sealed class ContainerdFactAttribute : FactAttribute
{
    public ContainerdFactAttribute() => Skip = JailFactAttribute.Missing("containerd", "ctr", "runc", "gcc", "python3");
}
