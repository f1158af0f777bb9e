using Spiffe.Agent.Tests.E2E.Hosts;

namespace Spiffe.Agent.Tests.E2E.Kubernetes;

/// <summary>A real node with the pods of <c>pods.yaml</c> and <c>static-pod.yaml</c>, as they will stay. Nothing here goes through the kubelet but where it says so.</summary>
public sealed class KubernetesNode : IAsyncLifetime
{
    private const string Kubectl = "/run/node/kubectl";

    private JailedHost? _host;

    private JailedHost Host => _host ?? throw new InvalidOperationException("the node is not running");

    /// <summary>The daemon on the node itself.</summary>
    internal HostAgent Agent => new(Host);

    public async Task InitializeAsync()
    {
        if (KubernetesFactAttribute.Missing() is not null) return;
        _host = await JailedHost.StartAsync("kubelet");
        await Agent.InstallAsync();
        _ = (await _host.RunAsync(Repository.Harness("kubelet-pods"))).Text;
    }

    public async Task DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
    }

    internal async Task<string> ShellAsync(string line) => (await Host.ShellAsync(line)).Text;

    internal Task<CommandResult> TryShellAsync(string line) => Host.ShellAsync(line);

    internal async Task<string> KubectlAsync(params string[] arguments) => (await Host.RunAsync([Kubectl, .. arguments])).Text;

    internal async Task ApplyAsync(string manifest) => _ = (await Host.RunAsync("bash", "-euc", $"{Kubectl} apply -f - <<<\"$1\"", "-", manifest)).Text;

    /// <summary>The id of a running container.</summary>
    internal async Task<string> ContainerAsync(string @namespace, string pod, string container)
    {
        string template = string.Join(' ', ((string[])["init", "", "ephemeral"]).Select(kind =>
            $"{{.status.{(kind.Length == 0 ? "containerStatuses" : kind + "ContainerStatuses")}[?(@.name==\"{container}\")].containerID}}"));
        string id = await KubectlAsync("get", "pod", "--namespace", @namespace, pod, "--output", $"jsonpath={template}");
        return id.Trim().Replace("containerd://", "", StringComparison.Ordinal);
    }

    /// <summary>Runs a command in a container, as its root, without asking the kubelet for it.</summary>
    internal async Task<CommandResult> InAsync(string @namespace, string pod, string container, params string[] command) => await Host.RunAsync(
        ["ctr", "--namespace", "k8s.io", "task", "exec", "--exec-id", Guid.NewGuid().ToString("N"), await ContainerAsync(@namespace, pod, container), .. command]);

    /// <summary>Asks for an X.509-SVID in a container.</summary>
    internal Task<CommandResult> FetchInAsync(string @namespace, string pod, string container) =>
        InAsync(@namespace, pod, container, "/run/bin/spiffe-agent", "fetch", "x509", "--output", "json");

    /// <summary>Asks for an X.509-SVID in the cgroup of a container and, but for that, on the node.</summary>
    /// <param name="container">Its id.</param>
    /// <param name="below">A cgroup to make below the container's own and to be in.</param>
    internal async Task<CommandResult> FetchInCgroupAsync(string container, string below = "")
    {
        string cgroup = await ShellAsync($"find /sys/fs/cgroup/kubepods -name {container} -prune");
        return await TryShellAsync($"mkdir -p {cgroup}/{below}; echo $$ >{cgroup}/{below}/cgroup.procs; exec /run/bin/spiffe-agent fetch x509 --output json");
    }

    /// <summary>Sends the kubelet a signal. Containers, API server and containerd go on.</summary>
    internal Task SignalKubeletAsync(string name) => ShellAsync($"kill -{name} $(</run/node/kubelet.pid)");
}
