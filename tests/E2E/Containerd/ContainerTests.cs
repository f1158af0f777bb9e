using Spiffe.Agent.Tests.E2E.Answers;
using Spiffe.Agent.Tests.E2E.Hosts;

namespace Spiffe.Agent.Tests.E2E.Containerd;

/// <summary>The daemon on a host, workloads in containers that containerd runs and nobody else knows.</summary>
public sealed class ContainerTests(ContainerdHost containerd) : IClassFixture<ContainerdHost>
{
    private const string Web = "example.org/web:1";
    private const int Denied = 77, Unavailable = 69;

    [ContainerdFact]
    public async Task Container_is_known_by_namespace_label_and_image()
    {
        await containerd.StartAsync("default", Web, "web", "--label", "app=web");

        X509Fetch.Of(await containerd.FetchInAsync("default", "web")).HasOneValidSvid("spiffe://example.org/web");

        await containerd.RemoveAsync("default", "web");
    }

    [ContainerdFact]
    public async Task Container_of_the_same_name_and_labels_in_another_namespace_is_another()
    {
        await containerd.StartAsync("default", Web, "twin", "--label", "app=web");
        await containerd.StartAsync("prod", Web, "twin", "--label", "app=web");
        await containerd.StartAsync("other", Web, "twin", "--label", "app=web");

        X509Fetch.Of(await containerd.FetchInAsync("default", "twin")).HasOneValidSvid("spiffe://example.org/web");
        X509Fetch.Of(await containerd.FetchInAsync("prod", "twin")).HasOneValidSvid("spiffe://example.org/prod");
        // A namespace that the operator has not named is nobody's, whatever its containers are called.
        Assert.Equal(Denied, (await containerd.FetchInAsync("other", "twin")).ExitCode);

        foreach (string @namespace in (string[])["default", "prod", "other"]) await containerd.RemoveAsync(@namespace, "twin");
    }

    [ContainerdFact]
    public async Task Container_with_half_of_the_selectors_is_denied()
    {
        await containerd.StartAsync("default", "example.org/other:1", "half", "--label", "app=web");

        Assert.Equal(Denied, (await containerd.FetchInAsync("default", "half")).ExitCode);

        await containerd.RemoveAsync("default", "half");
    }

    [ContainerdFact]
    public async Task Container_that_owns_its_subtree_cannot_nest_itself_into_another()
    {
        await containerd.StartAsync("default", Web, "vault");
        _ = (await containerd.ShellAsync("mkdir -p /sys/fs/cgroup/default/attacker")).Text;
        await containerd.StartAsync("default", Web, "attacker", "--mount", "type=bind,src=/sys/fs/cgroup/default/attacker,dst=/cgroup,options=rbind:rw");
        X509Fetch.Of(await containerd.FetchInAsync("default", "vault")).HasOneValidSvid("spiffe://example.org/vault");

        CommandResult attack = await containerd.InAsync("default", "attacker", "bash", "-euc", """
            mkdir -p /cgroup/default/vault
            echo $$ >/cgroup/default/vault/cgroup.procs
            cat /proc/self/cgroup
            exec /run/bin/spiffe-agent fetch x509 --output json
            """);

        // It got itself a path that ends like the victim's, and is known as what it is.
        Assert.Contains("/default/attacker/default/vault", attack.Output, StringComparison.Ordinal);
        Assert.True(attack.ExitCode == Denied, attack.ToString());
        Assert.DoesNotContain("private_key", attack.Output, StringComparison.Ordinal);

        await containerd.RemoveAsync("default", "attacker");
        await containerd.RemoveAsync("default", "vault");
    }

    [ContainerdFact]
    public async Task Stopped_containerd_makes_its_containers_wait_and_nobody_else()
    {
        await containerd.StartAsync("default", Web, "patient", "--label", "app=web");
        _ = (await containerd.ShellAsync("touch /run/containerd.off; kill -KILL $(</run/containerd.pid)")).Text;
        const string FetchInContainer = "pid=$(cat /sys/fs/cgroup/default/patient/cgroup.procs | head -n 1); "
            + "bash -c \"echo \\$\\$ >/sys/fs/cgroup/default/patient/cgroup.procs; exec nsenter -t $pid -m -p -r -w /run/bin/spiffe-agent fetch x509 --output json\"";

        CommandResult waiting = await containerd.ShellAsync(FetchInContainer);
        CommandResult onHost = await containerd.ShellAsync("setpriv --reuid 1500 --regid 1500 --clear-groups /run/bin/spiffe-agent fetch x509 --output json");
        _ = (await containerd.ShellAsync("rm /run/containerd.off; until ctr version >/dev/null 2>&1; do sleep 0.1; done")).Text;
        CommandResult served = await containerd.ShellAsync(FetchInContainer);

        // Not knowing is not the same as being nobody.
        Assert.True(waiting.ExitCode == Unavailable, waiting.ToString());
        X509Fetch.Of(onHost).HasOneValidSvid("spiffe://example.org/host");
        X509Fetch.Of(served).HasOneValidSvid("spiffe://example.org/web");

        await containerd.RemoveAsync("default", "patient");
    }
}
