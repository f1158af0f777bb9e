namespace Spiffe.Agent.Attestation.Attestors.Systemd;

/// <summary>How systemd is asked, and its limits.</summary>
public sealed class SystemdOptions
{
    /// <summary>Socket of the system bus. It and its directories must be root's. Default <c>/run/dbus/system_bus_socket</c>: D-Bus Specification, System message bus.
    /// The environment is never asked for it.</summary>
    public string BusSocket { get; init; } = "/run/dbus/system_bus_socket";

    /// <summary>Longest time to set up the connection, and for each answer. Default 3 s. Ours: shorter than an attestor's deadline, so that the failure names the call;
    /// longer than systemd takes to reload a large machine's units.</summary>
    public TimeSpan AnswerLimit { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long what systemd said of a unit is remembered; its invocation is not. Default 1 s. Ours: however many processes a unit has, it is asked about
    /// once a second; what changes in the meantime (a daemon-reload) is seen well within the 5 s after which live streams are attested again.</summary>
    public TimeSpan RememberedFor { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Cgroups whose unit is remembered. Default 1024 (some 500 KB). Ours.</summary>
    public int MaxRemembered { get; init; } = 1024;

    /// <summary>Questions about processes that are under way at one time, of at most four calls each. Default 24. Origin: dbus-daemon refuses more than 128 unanswered calls of
    /// one connection (max_replies_per_connection).</summary>
    public int MaxConcurrent { get; init; } = 24;

    /// <summary>What exists while systemd is the machine's service manager: sd_booted(3). For tests.</summary>
    internal string BootedMarker { get; init; } = "/run/systemd/system";
}
