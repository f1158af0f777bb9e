using Spiffe.Agent.Tests.E2E.Hosts;

namespace Spiffe.Agent.Tests.E2E.Systemd;

/// <summary>What the classes that follow share: a machine of their own.</summary>
public abstract class MachineTests(SystemdMachine machine) : IClassFixture<SystemdMachine>
{
    protected SystemdMachine Machine { get; } = machine;

    /// <summary>Fetches X.509-SVIDs in a unit with these properties.</summary>
    protected Task<CommandResult> FetchX509Async(params string[] properties) =>
        Machine.UnitAsync(properties, SystemdMachine.Binary, "fetch", "x509", "--output", "json");
}
