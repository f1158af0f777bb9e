using Spiffe.Agent.Tests.E2E.Answers;
using Spiffe.Agent.Tests.E2E.Hosts;

namespace Spiffe.Agent.Tests.E2E.Podman;

/// <summary>Containers of a user are known by what that user's Podman says of them, and never for more than that user's.</summary>
[Collection(PodmanCollection.Name)]
public sealed class RootlessContainerTests(PodmanMachine machine)
{
    [PodmanFact]
    public async Task Container_of_a_user_is_known_as_that_user_s()
    {
        // The very labels that earn a container of root /by-label, and the label that would earn bob's /of-bob.
        CommandResult result = await machine.FetchAsync(PodmanMachine.ByAlice, PodmanMachine.Labels);

        X509Fetch.Of(result).HasOneValidSvid("spiffe://example.org/of-alice");
    }

    [PodmanFact]
    public async Task Process_of_a_subordinate_user_in_it_is_known_too()
    {
        CommandResult result = await machine.FetchAsync(PodmanMachine.ByAlice, $"--user 1000 {PodmanMachine.Labels}");

        X509Fetch.Of(result).HasOneValidSvid("spiffe://example.org/of-alice");
    }

    [PodmanFact]
    public async Task Container_of_a_user_with_a_name_of_root_s_is_only_that_user_s()
    {
        CommandResult result = await machine.FetchAsync(PodmanMachine.ByAlice, "--name till");

        X509Fetch.Of(result).HasOneValidSvid("spiffe://example.org/of-alice/by-name");
    }

    [PodmanFact]
    public async Task Container_of_a_user_that_looks_like_root_s_in_all_else_is_denied()
    {
        CommandResult result = await machine.FetchAsync(PodmanMachine.ByAlice, "-e STAGE=production --label from=registry");

        Assert.True(result.ExitCode == 77, result.ToString());
        Assert.Empty(result.Output);
    }

    [PodmanFact]
    public async Task Cgroup_of_a_user_named_as_a_container_of_root_is_denied()
    {
        // Root's container is real and runs; alice, in a unit of hers, makes cgroups that bear its id in every layout there is and fetches from within.
        await machine.StartAsync(PodmanMachine.ByRoot, $"--name victim {PodmanMachine.Labels}");
        try
        {
            string id = (await machine.ShellAsync("podman-root inspect -f '{{.Id}}' victim")).Text;
            string[] names = [$"libpod-{id}.scope", $"machine.slice/libpod-{id}.scope", $"libpod-payload-{id}", $"libpod_parent/libpod-{id}", $"docker-{id}.scope", $"docker/{id}"];
            foreach (string name in names)
            {
                CommandResult result = await machine.ShellAsync($"""
                    as-alice systemd-run --user --quiet --wait --pipe --collect -p Delegate=yes bash -euc '
                      here=/sys/fs/cgroup$(sed -n s/^0:://p /proc/self/cgroup); mkdir -p "$here/{name}"; echo $BASHPID > "$here/{name}/cgroup.procs"
                      grep -q {id} /proc/self/cgroup || exit 99
                      spiffe-agent fetch x509 --output json'
                    """);

                Assert.True(result.ExitCode == 77, $"{name}: {result}");
            }
        }
        finally
        {
            _ = await machine.ShellAsync("podman-root rm --force --time 0 victim");
        }
    }

    [PodmanFact]
    public async Task Podman_of_a_user_that_answers_for_a_container_of_root_earns_nothing()
    {
        // Alice's socket is a link to root's: whoever follows it hears root's Podman speak of root's container.
        await machine.StartAsync(PodmanMachine.ByRoot, $"--name victim {PodmanMachine.Labels}");
        try
        {
            string id = (await machine.ShellAsync("podman-root inspect -f '{{.Id}}' victim")).Text;
            _ = (await machine.ShellAsync("as-alice systemctl --user stop podman.socket podman.service; as-alice ln -sf /run/podman/podman.sock /run/user/1777/podman/podman.sock")).Text;

            CommandResult result = await machine.ShellAsync($"""
                as-alice systemd-run --user --quiet --collect --slice user --unit libpod-{id}.scope --scope spiffe-agent fetch x509 --output json
                """);

            Assert.True(result.ExitCode is 69 or 77, result.ToString());
            Assert.Empty(result.Output);
        }
        finally
        {
            _ = await machine.ShellAsync("rm -f /run/user/1777/podman/podman.sock; as-alice systemctl --user start podman.socket");
            _ = await machine.ShellAsync("podman-root rm --force --time 0 victim");
        }
    }
}
