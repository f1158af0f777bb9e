using Spiffe.Agent.Tests.E2E.Hosts;

namespace Spiffe.Agent.Tests.E2E.Podman;

/// <summary>A fact about the daemon and Podman's containers.</summary>
public sealed class PodmanFactAttribute : FactAttribute
{
    internal static readonly string[] Programs = ["systemd-nspawn", "debootstrap"];

    public PodmanFactAttribute() => Skip = JailFactAttribute.Missing(Programs);
}
