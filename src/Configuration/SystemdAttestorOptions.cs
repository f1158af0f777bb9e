namespace Spiffe.Agent.Configuration;

/// <summary><c>attestors.systemd</c>: what the service manager knows of a process.</summary>
public sealed class SystemdAttestorOptions
{
    /// <summary><c>enabled</c>. True by default: it is asked only about processes of units, and only when an entry has a selector of systemd.</summary>
    public required bool IsEnabled { get; init; }

    /// <summary><c>bus</c>: the system bus's socket. <c>/run/dbus/system_bus_socket</c> by default.</summary>
    public required string Bus { get; init; }
}
