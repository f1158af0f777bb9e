using Spiffe.Agent.Tests.E2E.Answers;
using Spiffe.Agent.Tests.E2E.Hosts;

namespace Spiffe.Agent.Tests.E2E.Docker;

/// <summary>The daemon itself in a container, workloads in the containers beside it.</summary>
[Collection(DockerCollection.Name)]
public sealed class ContainerisedDaemonTests(DockerHost docker) : IAsyncLifetime
{
    private const string Sockets = "/run/sidecar", Configuration = "/run/sidecar-agent", Name = "agent";

    public async Task InitializeAsync()
    {
        if (new DockerFactAttribute().Skip is not null) return;
        string hash = (await docker.ShellAsync("sha256sum /run/bin/spiffe-agent | cut -d' ' -f1")).Text;
        await docker.ConfigureAsync(Configuration, $$"""
            entries:
              - { id: /payments, selectors: [ "unix:uid:1234", "unix:sha256:{{hash}}" ] }
              - { id: /labelled, selectors: [ "unix:uid:2345", "docker:label:role:web" ] }
            """);
    }

    public async Task DisposeAsync()
    {
        if (new DockerFactAttribute().Skip is null) _ = await docker.ShellAsync($"docker rm --force {Name}");
    }

    [DockerFact]
    public async Task Sibling_gets_an_x509_svid_when_the_daemon_shares_the_pid_namespace_of_the_host()
    {
        await docker.StartAsContainerAsync(Name, Configuration, Sockets, "--pid host");

        CommandResult result = await docker.WorkloadAsync("1234", Sockets, "fetch", "x509", "--output", "json");
        CommandResult denied = await docker.WorkloadAsync("4321", Sockets, "fetch", "x509", "--output", "json");

        X509Fetch.Of(result).HasOneValidSvid("spiffe://example.org/payments");
        Assert.Equal(77, denied.ExitCode);
    }

    [DockerFact]
    public async Task Sibling_is_known_by_its_label_when_the_daemon_shares_the_cgroup_namespace_of_the_host()
    {
        await docker.StartAsContainerAsync(Name, Configuration, Sockets, "--pid host -v /run/docker.sock:/run/docker.sock");

        CommandResult result = await LabelledAsync("role=web");
        CommandResult other = await LabelledAsync("role=db");

        X509Fetch.Of(result).HasOneValidSvid("spiffe://example.org/labelled");
        Assert.True(other.ExitCode == 77, other.ToString());
    }

    [DockerFact]
    public async Task Sibling_is_refused_when_the_daemon_is_in_a_pid_namespace_of_its_own()
    {
        // The kernel names the peer by pid 0 there: nobody can be attested, so nobody gets anything, and the log says which proof was missing.
        await docker.StartAsContainerAsync(Name, Configuration, Sockets, "");

        CommandResult result = await docker.WorkloadAsync("1234", Sockets, "fetch", "x509", "--output", "json");

        Assert.True(result.ExitCode == 69, result.ToString());
        Assert.Empty(result.Output);
        Assert.Contains("PidNotVisible (peer pid 0, uid 1234)", (await docker.ShellAsync($"docker logs {Name} 2>&1")).Text, StringComparison.Ordinal);
    }

    [DockerFact]
    public async Task Sidecar_serves_the_workload_that_shares_its_pid_namespace()
    {
        await docker.StartAsContainerAsync(Name, Configuration, Sockets, "");

        CommandResult result = await docker.ShellAsync(
            $"docker run --rm --network none --pid container:{Name} --user 1234 -v {Sockets}:/run/spiffe:ro spiffe-agent fetch x509 --output json");

        X509Fetch.Of(result).HasOneValidSvid("spiffe://example.org/payments");
    }

    [DockerFact]
    public async Task Daemon_in_a_container_has_three_capabilities_and_cannot_be_dumped()
    {
        await docker.StartAsContainerAsync(Name, Configuration, Sockets, "--pid host");

        CommandResult status = await docker.ShellAsync($"cat /proc/$(docker inspect -f '{{{{.State.Pid}}}}' {Name})/status");
        CommandResult limits = await docker.ShellAsync($"grep 'core file' /proc/$(docker inspect -f '{{{{.State.Pid}}}}' {Name})/limits");

        Assert.Contains("CapEff:\t0000000000084004", status.Text, StringComparison.Ordinal);
        Assert.Contains("NoNewPrivs:\t1", status.Text, StringComparison.Ordinal);
        Assert.Equal(["0", "0"], limits.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4..6]);
    }

    [DockerFact]
    public async Task Stop_removes_the_socket()
    {
        await docker.StartAsContainerAsync(Name, Configuration, Sockets, "--pid host");

        _ = (await docker.ShellAsync($"docker stop --time 20 {Name}")).Text;

        Assert.Equal("0", (await docker.ShellAsync($"docker inspect -f '{{{{.State.ExitCode}}}}' {Name}")).Text);
        Assert.Empty((await docker.ShellAsync($"ls -A {Sockets} | grep sock || :")).Text);
    }

    private Task<CommandResult> LabelledAsync(string label) =>
        docker.ShellAsync($"docker run --rm --network none --user 2345 --label {label} -v {Sockets}:/run/spiffe:ro spiffe-agent fetch x509 --output json");
}
