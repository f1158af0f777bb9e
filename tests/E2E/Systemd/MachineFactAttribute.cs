using Spiffe.Agent.Tests.E2E.Hosts;

namespace Spiffe.Agent.Tests.E2E.Systemd;

/// <summary>A fact about the daemon on a machine with systemd.</summary>
public sealed class MachineFactAttribute : FactAttribute
{
    internal static readonly string[] Programs = ["systemd-nspawn", "debootstrap"];

    public MachineFactAttribute() => Skip = JailFactAttribute.Missing(Programs);
}
