using Spiffe.Agent.Tests.E2E.Hosts;

namespace Spiffe.Agent.Tests.E2E.Podman;

/// <summary>A machine on which root and alice (uid 1777) have Podman, and the installed daemon may ask both.</summary>
public sealed class PodmanMachine : IAsyncLifetime
{
    internal const string Labels = "--label role=payments --label from=registry", ByRoot = "podman-root", ByAlice = "as-alice podman";

    /// <summary>What a container must see to run the client: the machine's programs and the daemon's socket.</summary>
    private const string Flags = "--network none -v /usr:/usr:ro -v /run/spiffe:/run/spiffe:ro";

    private JailedHost? _host;

    private JailedHost Host => _host ?? throw new InvalidOperationException("the machine is not running");

    public async Task InitializeAsync()
    {
        if (JailFactAttribute.Missing(PodmanFactAttribute.Programs) is not null) return;
        await PublishedAgent.PathAsync();
        _host = await JailedHost.StartAsync("machine-podman");
        _ = (await ShellAsync("/srv/packaging/systemd/install /srv/artifacts/spiffe-agent; systemd-sysusers; systemctl daemon-reload")).Text;

        // As docs/operations.md says: root's socket is of the daemon's group; alice's is open to whoever gets into her /run/user/1777, which is 0700.
        _ = (await ShellAsync("""
            mkdir -p /etc/systemd/system/podman.socket.d /home/alice/.config/systemd/user/podman.socket.d
            printf '[Socket]\nSocketGroup=spiffe-agent\n' > /etc/systemd/system/podman.socket.d/agent.conf
            printf '[Socket]\nSocketMode=0666\n' > /home/alice/.config/systemd/user/podman.socket.d/agent.conf
            systemctl stop podman.service podman.socket; systemctl daemon-reload; systemctl start podman.socket
            as-alice systemctl --user daemon-reload; as-alice systemctl --user restart podman.socket
            """)).Text;
        string digest = await DigestAsync(ByRoot);
        await ServeAsync($$"""
            trust_domain: example.org
            entries:
              - { id: /by-label, selectors: [ "podman:label:role:payments", "podman:label:from:registry" ] }
              - { id: /by-name, selectors: [ "podman:name:till" ] }
              - { id: /by-pod, selectors: [ "podman:pod_name:shop" ] }
              - { id: /by-image, selectors: [ "podman:image_id:localhost/usr:1", "podman:env:STAGE=production", "podman:image_config_digest:{{digest}}" ] }
              - { id: /of-alice, selectors: [ "podman:rootless:1777:label:role:payments" ] }
              - { id: /of-alice/by-name, selectors: [ "podman:rootless:1777:name:till" ] }
              - { id: /of-bob, selectors: [ "podman:rootless:1778:label:role:payments" ] }
            """);
    }

    public async Task DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
    }

    internal Task<CommandResult> ShellAsync(string line) => Host.ShellAsync(line);

    /// <summary>The id of the image <c>usr</c> as that user has it.</summary>
    internal async Task<string> DigestAsync(string podman) => $"sha256:{(await ShellAsync($"{podman} image inspect -f '{{{{.Id}}}}' usr:1")).Text}";

    /// <summary>Fetches an SVID from within a container that is made for it.</summary>
    /// <param name="podman">Whose Podman.</param>
    /// <param name="flags">Of <c>podman run</c>.</param>
    internal Task<CommandResult> FetchAsync(string podman, string flags) => ShellAsync($"{podman} run --rm {Flags} {flags} usr:1 spiffe-agent fetch x509 --output json");

    /// <summary>Starts a container that does nothing.</summary>
    internal async Task StartAsync(string podman, string flags) => _ = (await ShellAsync($"{podman} run --detach {Flags} {flags} usr:1 sleep 600")).Text;

    private async Task ServeAsync(string yaml)
    {
        _ = (await Host.RunAsync("bash", "-euc", "printf %s \"$1\" > /etc/spiffe-agent/agent.yaml", "-", yaml)).Text;
        _ = (await Host.RunAsync("systemctl", "restart", "spiffe-agent")).Text;
    }
}
