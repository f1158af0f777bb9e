using Spiffe.Agent.Tests.E2E.Answers;
using Spiffe.Agent.Tests.E2E.Hosts;

namespace Spiffe.Agent.Tests.E2E.Docker;

/// <summary>Containers are known by what Docker says of them and the kernel bears out.</summary>
[Collection(DockerCollection.Name)]
public sealed class ContainerSelectorTests(DockerHost docker) : IAsyncLifetime
{
    private const string Payments = "--label role=payments --label tier=gold --env STAGE=production", Client = "fetch x509 --output json";

    public async Task InitializeAsync()
    {
        if (new DockerFactAttribute().Skip is not null) return;
        string digest = (await docker.ShellAsync("docker image inspect -f '{{.Id}}' spiffe-agent")).Text;
        await docker.ConfigureAsync("/run/selectors", $$"""
            entries:
              - { id: /by-label, selectors: [ "docker:label:role:payments", "docker:label:tier:gold", "docker:env:STAGE=production" ] }
              - { id: /by-image, selectors: [ "docker:label:role:web", "docker:image_id:spiffe-agent", "docker:image_config_digest:{{digest}}" ] }
              - { id: /by-uid, selectors: [ "unix:uid:1234" ] }
            """);
        await docker.StartOnHostAsync("/run/selectors");
    }

    public async Task DisposeAsync()
    {
        if (new DockerFactAttribute().Skip is null) await docker.StopOnHostAsync();
    }

    [DockerFact]
    public async Task Container_is_known_by_its_labels_and_a_variable()
    {
        CommandResult result = await RunAsync(Payments);

        X509Fetch.Of(result).HasOneValidSvid("spiffe://example.org/by-label");
    }

    [DockerFact]
    public async Task Container_is_known_by_its_image()
    {
        CommandResult result = await RunAsync("--label role=web");

        X509Fetch.Of(result).HasOneValidSvid("spiffe://example.org/by-image");
    }

    [DockerFact]
    public async Task Container_that_lacks_one_of_them_is_denied()
    {
        CommandResult result = await RunAsync("--label role=payments --env STAGE=production");

        Assert.True(result.ExitCode == 77, result.ToString());
        Assert.Empty(result.Output);
    }

    [DockerFact]
    public async Task Process_of_a_user_in_a_cgroup_of_a_container_s_name_is_denied()
    {
        _ = (await docker.ShellAsync($"docker run --detach --name victim --network none {Payments} -v /run/spiffe:/run/spiffe:ro spiffe-agent fetch x509 --watch --output json")).Text;
        try
        {
            // What systemd gives a user is the user's: there it may make any cgroup and name it as it likes.
            CommandResult result = await docker.ShellAsync("""
                id=$(docker inspect -f '{{.Id}}' victim); session=/sys/fs/cgroup/user.slice/user-1001.slice/user@1001.service
                mkdir -p $session; chown 1001 $session $session/cgroup.procs
                setpriv --reuid 1001 --regid 1001 --clear-groups mkdir -p $session/app.slice/docker-$id.scope $session/docker/$id
                for name in app.slice/docker-$id.scope docker/$id; do
                  ( echo $BASHPID > $session/$name/cgroup.procs; grep -q $id /proc/self/cgroup || exit 99
                    exec setpriv --reuid 1001 --regid 1001 --clear-groups /run/bin/spiffe-agent fetch x509 --output json ) && exit 98 || [ $? = 77 ] || exit 97
                done
                """);

            Assert.True(result.ExitCode == 0, result.ToString());
            Assert.Empty(result.Output);
        }
        finally
        {
            _ = await docker.ShellAsync("docker rm --force victim; find /sys/fs/cgroup/user.slice -depth -type d -exec rmdir {} +");
        }
    }

    [DockerFact]
    public async Task Docker_that_hangs_makes_its_containers_unavailable_and_holds_nobody_else_up()
    {
        // The container outlives a daemon that stops, and asks when nobody can say any more what it is: no answer is not a no.
        _ = (await docker.ShellAsync($"mkdir -p /run/late; rm -f /run/late/*; docker run --detach --name late --network none {Payments} -v /run/spiffe:/run/spiffe:ro -v /run/late:/run/late "
            + "-v /usr:/usr:ro -v /bin:/bin:ro --entrypoint /bin/bash spiffe-agent -c 'until [ -e /run/late/go ]; do sleep 0.1; done; "
            + "/run/late/spiffe-agent fetch x509 --output json >/run/late/out 2>&1; echo $? >/run/late/code.new; mv /run/late/code.new /run/late/code'; cp /run/bin/spiffe-agent /run/late")).Text;
        _ = (await docker.ShellAsync("kill -STOP $(</run/docker.pid)")).Text;
        try
        {
            _ = (await docker.ShellAsync("touch /run/late/go")).Text;
            CommandResult onHost = await docker.ShellAsync($"setpriv --reuid 1234 --regid 1234 --clear-groups /run/bin/spiffe-agent {Client}");
            X509Fetch.Of(onHost).HasOneValidSvid("spiffe://example.org/by-uid");

            await docker.UntilAsync("[ -e /run/late/code ]", "cat /run/late/out");
            Assert.Equal("69", (await docker.ShellAsync("cat /run/late/code")).Text);
        }
        finally
        {
            _ = await docker.ShellAsync("kill -CONT $(</run/docker.pid); docker rm --force late");
        }
    }

    private Task<CommandResult> RunAsync(string flags) =>
        docker.ShellAsync($"docker run --rm --network none {flags} -v /run/spiffe:/run/spiffe:ro spiffe-agent {Client}");
}
