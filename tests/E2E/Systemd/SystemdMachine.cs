using Spiffe.Agent.Tests.E2E.Hosts;

namespace Spiffe.Agent.Tests.E2E.Systemd;

/// <summary>A Debian 12 machine with systemd as PID 1 on which the published daemon is installed as docs/operations.md says.</summary>
public sealed class SystemdMachine : IAsyncLifetime
{
    internal const string Configuration = "/etc/spiffe-agent/agent.yaml", Binary = "/usr/bin/spiffe-agent";
    internal const string WorkloadSocket = "/run/spiffe/workload.sock", AdminSocket = "/run/spiffe-agent/admin.sock";

    private JailedHost? _host;

    private JailedHost Host => _host ?? throw new InvalidOperationException("the machine is not running");

    public async Task InitializeAsync()
    {
        if (JailFactAttribute.Missing(MachineFactAttribute.Programs) is not null) return;
        await Task.WhenAll(PublishedAgent.PathAsync(), Command.RunAsync(TimeSpan.FromMinutes(5), Repository.Harness("rootfs")));
        _host = await JailedHost.StartAsync("machine-systemd");
        _ = (await Host.ShellAsync("/srv/packaging/systemd/install /srv/artifacts/spiffe-agent; systemd-sysusers; systemctl daemon-reload")).Text;
        _ = (await Host.ShellAsync("for uid in 1001 1002 1003 4321; do useradd --no-create-home --uid $uid user$uid; done")).Text;
    }

    public async Task DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
    }

    internal Task<CommandResult> RunAsync(params string[] command) => Host.RunAsync(command);

    internal Task<CommandResult> ShellAsync(string line) => Host.ShellAsync(line);

    /// <summary>Runs a command as a transient unit with these properties (such as <c>User=1001</c>), waits for its end and takes its exit code.</summary>
    internal Task<CommandResult> UnitAsync(string[] properties, params string[] command) =>
        Host.RunAsync(["systemd-run", "--quiet", "--wait", "--pipe", "--collect", .. properties.SelectMany(p => new[] { "-p", p }), "--", .. command]);

    /// <summary>Writes the configuration and starts the daemon with it. It is active when this returns.</summary>
    internal async Task ServeAsync(string entries)
    {
        await ConfigureAsync("trust_domain: example.org\n" + entries);
        _ = (await Host.RunAsync("systemctl", "restart", "spiffe-agent")).Text;
    }

    internal async Task ConfigureAsync(string yaml) => _ = (await Host.RunAsync("bash", "-euc", "printf %s \"$1\" > " + Configuration, "-", yaml)).Text;

    /// <summary>A property of a unit as <c>systemctl show</c> has it.</summary>
    internal async Task<string> PropertyAsync(string name, string unit = "spiffe-agent") =>
        (await Host.RunAsync("systemctl", "show", "--property", name, "--value", unit)).Text;

    /// <summary>Waits, for at most a minute, until a line of shell succeeds on the machine.</summary>
    internal async Task UntilAsync(string line) => _ = (await Host.ShellAsync($"for i in $(seq 600); do if {line}; then exit 0; fi; sleep 0.1; done; exit 1")).Text;
}
