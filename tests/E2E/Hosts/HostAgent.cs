namespace Spiffe.Agent.Tests.E2E.Hosts;

/// <summary>The published daemon on a jailed host, as <c>/run/bin/spiffe-agent</c>, with its sockets where everybody expects them.</summary>
internal sealed class HostAgent(JailedHost host)
{
    private const string Program = "/run/bin/spiffe-agent", Configuration = "/run/agent.yaml", Log = "/run/agent.log", ProcessId = "/run/agent.pid";

    /// <summary>Puts the program there.</summary>
    internal async Task InstallAsync() => _ = (await host.RunAsync("install", "-D", "-m", "0755", await PublishedAgent.PathAsync(), Program)).Text;

    /// <summary>Starts it with this configuration, to which trust domain and admin socket are added; it serves when this returns.</summary>
    internal async Task StartAsync(string configuration)
    {
        string text = "trust_domain: example.org\nsockets: { admin: { path: /run/spiffe-agent/admin.sock, mode: \"0600\" } }\n" + configuration;
        _ = (await host.RunAsync("bash", "-euc", $"printf %s \"$1\" >{Configuration}; chmod 0600 {Configuration}; mkdir -p /run/spiffe", "-", text)).Text;
        _ = (await host.ShellAsync($"setsid {Program} run --config {Configuration} </dev/null >{Log} 2>&1 & echo $! >{ProcessId}")).Text;
        _ = (await host.ShellAsync($"for i in $(seq 600); do if {Program} healthcheck >/dev/null 2>&1; then exit 0; fi; sleep 0.1; done; cat {Log}; exit 1")).Text;
    }

    internal async Task StopAsync() => _ = (await host.ShellAsync($"kill $(<{ProcessId}); while kill -0 $(<{ProcessId}) 2>/dev/null; do sleep 0.05; done")).Text;

    /// <summary>What it has written.</summary>
    internal async Task<string> LogAsync() => (await host.ShellAsync($"cat {Log}")).Text;
}
