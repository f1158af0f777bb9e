using Spiffe.Agent.Tests.E2E.Hosts;

namespace Spiffe.Agent.Tests.E2E.Docker;

/// <summary>A fact about the daemon and containers.</summary>
public sealed class DockerFactAttribute : FactAttribute
{
    internal static readonly string[] Programs = ["dockerd", "docker", "apt-get", "dpkg-deb"];

    public DockerFactAttribute() => Skip = JailFactAttribute.Missing(Programs);
}
