using Spiffe.Agent.Tests.E2E.Hosts;

namespace Spiffe.Agent.Tests.E2E.Containerd;

/// <summary>A host with containerd and the daemon on it. Containers see the host's programs and the daemon's socket.</summary>
public sealed class ContainerdHost : IAsyncLifetime
{
    private const string Entries = """
        attestors: { containerd: { namespaces: [ default, prod ] } }
        entries:
          - { id: /web, selectors: [ "containerd:namespace:default", "containerd:label:app:web", "containerd:image:example.org/web:1" ] }
          - { id: /prod, selectors: [ "containerd:namespace:prod", "containerd:label:app:web" ] }
          - { id: /vault, selectors: [ "containerd:id:vault" ] }
          - { id: /host, selectors: [ "unix:uid:1500" ] }
        """;

    private JailedHost? _host;

    private JailedHost Host => _host ?? throw new InvalidOperationException("the host is not running");

    public async Task InitializeAsync()
    {
        if (new ContainerdFactAttribute().Skip is not null) return;
        _host = await JailedHost.StartAsync("containerd");
        HostAgent agent = new(_host);
        await agent.InstallAsync();
        await agent.StartAsync(Entries);
        foreach (string @namespace in (string[])["default", "prod", "other"])
            _ = (await _host.RunAsync(Repository.Harness("image"), @namespace, "example.org/web:1", "example.org/other:1")).Text;
    }

    public async Task DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
    }

    /// <summary>Starts a container that waits.</summary>
    internal async Task StartAsync(string @namespace, string image, string name, params string[] flags) => _ = (await Host.RunAsync([
        "ctr", "--namespace", @namespace, "run", "--detach", "--runc-binary", Repository.Locate("tests/E2E/harness/runc-unlimited.py"),
        "--mount", "type=bind,src=/usr,dst=/usr,options=rbind:ro", "--mount", "type=bind,src=/run/bin,dst=/run/bin,options=rbind:ro",
        "--mount", "type=bind,src=/run/spiffe,dst=/run/spiffe,options=rbind:ro", .. flags, image, name, "sleep", "infinity"])).Text;

    internal async Task RemoveAsync(string @namespace, string name) =>
        _ = (await Host.ShellAsync($"ctr --namespace {@namespace} task delete --force {name} >/dev/null; ctr --namespace {@namespace} container delete {name}")).Text;

    /// <summary>Runs a command in a container, as its root.</summary>
    internal Task<CommandResult> InAsync(string @namespace, string name, params string[] command) =>
        Host.RunAsync(["ctr", "--namespace", @namespace, "task", "exec", "--exec-id", Guid.NewGuid().ToString("N"), name, .. command]);

    /// <summary>Asks for an X.509-SVID in a container.</summary>
    internal Task<CommandResult> FetchInAsync(string @namespace, string name) => InAsync(@namespace, name, "/run/bin/spiffe-agent", "fetch", "x509", "--output", "json");

    internal Task<CommandResult> ShellAsync(string line) => Host.ShellAsync(line);
}
