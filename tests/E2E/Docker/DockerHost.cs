using Spiffe.Agent.Tests.E2E.Hosts;

namespace Spiffe.Agent.Tests.E2E.Docker;

/// <summary>A host with Docker's daemon, on which the image of packaging/container has been built as <c>spiffe-agent</c>.</summary>
public sealed class DockerHost : IAsyncLifetime
{
    /// <summary>The flags that packaging/container/Containerfile tells to run the daemon with, but for the pid namespace, the mounts and the name.</summary>
    private const string DaemonFlags = "--cgroupns host --network none --cap-drop ALL --cap-add SYS_PTRACE --cap-add DAC_READ_SEARCH --cap-add IPC_LOCK "
        + "--security-opt no-new-privileges --read-only --tmpfs /run/spiffe-agent --ulimit core=0";

    private JailedHost? _host;

    private JailedHost Host => _host ?? throw new InvalidOperationException("the host is not running");

    public async Task InitializeAsync()
    {
        if (JailFactAttribute.Missing(DockerFactAttribute.Programs) is not null) return;
        string binary = await PublishedAgent.PathAsync(), context = Repository.Locate("artifacts/image");
        _ = (await Command.RunAsync(TimeSpan.FromMinutes(2), Repository.Locate("packaging/container/build"), binary, context)).Text;
        _host = await JailedHost.StartAsync("dockerd");
        _ = (await Host.RunAsync("docker", "build", "--quiet", "--file", $"{context}/Containerfile", "--tag", "spiffe-agent", context)).Text;
        _ = (await Host.RunAsync("install", "-D", "-m", "0755", binary, "/run/bin/spiffe-agent")).Text;
    }

    public async Task DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
    }

    internal Task<CommandResult> ShellAsync(string line) => Host.ShellAsync(line);

    /// <summary>Writes a configuration whose sockets are in <c>/run/spiffe</c> and <c>/run/spiffe-agent</c>, as everywhere; a daemon sees its own two.</summary>
    internal async Task ConfigureAsync(string directory, string entries) => _ = (await Host.RunAsync("bash", "-euc", "mkdir -p \"$1\"; printf %s \"$2\" > \"$1/agent.yaml\"", "-", directory,
        "trust_domain: example.org\nsockets: { admin: { path: /run/spiffe-agent/admin.sock, mode: \"0600\" } }\n" + entries)).Text;

    /// <summary>Starts the daemon on the host itself; it serves when this returns.</summary>
    internal async Task StartOnHostAsync(string configuration)
    {
        _ = (await ShellAsync($"mkdir -p /run/spiffe; setsid /run/bin/spiffe-agent run --config {configuration}/agent.yaml </dev/null >/run/agent.log 2>&1 & echo $! > /run/agent.pid")).Text;
        await UntilAsync("/run/bin/spiffe-agent healthcheck >/dev/null 2>&1", "cat /run/agent.log");
    }

    internal async Task StopOnHostAsync() => _ = (await ShellAsync("kill $(</run/agent.pid); while kill -0 $(</run/agent.pid) 2>/dev/null; do sleep 0.05; done")).Text;

    /// <summary>Starts the daemon as a container of this name that serves <paramref name="sockets"/>; it is healthy, as Docker sees it, when this returns.</summary>
    internal async Task StartAsContainerAsync(string name, string configuration, string sockets, string flags)
    {
        _ = (await ShellAsync($"mkdir -p {sockets}; docker run --detach --name {name} {DaemonFlags} --health-interval 1s {flags} "
            + $"-v {sockets}:/run/spiffe -v {configuration}:/etc/spiffe-agent:ro spiffe-agent")).Text;
        await UntilAsync($"[ \"$(docker inspect -f '{{{{.State.Health.Status}}}}' {name})\" = healthy ]", $"docker inspect -f '{{{{json .State}}}}' {name}; docker logs {name} 2>&1");
    }

    /// <summary>Runs the client of the image as a workload: a container without network, capability or right but a user and the directory with the socket.</summary>
    internal Task<CommandResult> WorkloadAsync(string user, string sockets, params string[] command) =>
        Host.RunAsync(["docker", "run", "--rm", "--network", "none", "--cap-drop", "ALL", "--read-only", "--user", user, "-v", $"{sockets}:/run/spiffe:ro", "spiffe-agent", .. command]);

    /// <summary>Waits, for at most a minute, until a line of shell succeeds on the host. If it never does, what <paramref name="otherwise"/> prints is in the failure.</summary>
    internal async Task UntilAsync(string line, string otherwise) =>
        _ = (await ShellAsync($"for i in $(seq 600); do if {line}; then exit 0; fi; sleep 0.1; done; {otherwise}; exit 1")).Text;
}
