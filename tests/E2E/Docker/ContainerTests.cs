using Spiffe.Agent.Tests.E2E.Answers;
using Spiffe.Agent.Tests.E2E.Hosts;

namespace Spiffe.Agent.Tests.E2E.Docker;

/// <summary>The daemon on a host, workloads in its containers.</summary>
[Collection(DockerCollection.Name)]
public sealed class ContainerTests(DockerHost docker) : IAsyncLifetime
{
    private const string Sockets = "/run/spiffe";

    public async Task InitializeAsync()
    {
        if (new DockerFactAttribute().Skip is not null) return;
        await docker.ConfigureAsync("/run/host-agent", """
            entries:
              - { id: /payments, selectors: [ "unix:uid:1234" ] }
              - { id: /by-path, selectors: [ "unix:uid:1235", "unix:path:/usr/bin/spiffe-agent" ] }
            """);
        await docker.StartOnHostAsync("/run/host-agent");
    }

    public async Task DisposeAsync()
    {
        if (new DockerFactAttribute().Skip is null) await docker.StopOnHostAsync();
    }

    [DockerFact]
    public async Task Container_gets_an_x509_svid_by_the_uid_it_runs_as()
    {
        CommandResult result = await docker.WorkloadAsync("1234", Sockets, "fetch", "x509", "--output", "json");

        X509Fetch.Of(result).HasOneValidSvid("spiffe://example.org/payments");
    }

    [DockerFact]
    public async Task Container_gets_a_jwt_svid()
    {
        CommandResult result = await docker.WorkloadAsync("1234", Sockets, "fetch", "jwt", "--audience", "db", "--output", "json");

        Assert.NotEmpty(JwtFetch.Of(result).TokenOf("spiffe://example.org/payments"));
    }

    [DockerFact]
    public async Task Container_that_no_entry_describes_is_denied()
    {
        CommandResult result = await docker.WorkloadAsync("4321", Sockets, "fetch", "x509", "--output", "json");

        Assert.True(result.ExitCode == 77, result.ToString());
        Assert.Empty(result.Output);
    }

    [DockerFact]
    public async Task Path_inside_a_container_proves_nothing()
    {
        CommandResult result = await docker.WorkloadAsync("1235", Sockets, "fetch", "x509", "--output", "json");

        Assert.True(result.ExitCode == 77, result.ToString());
        Assert.Empty(result.Output);
    }

    [DockerFact]
    public async Task Container_that_was_there_before_a_restart_is_served_after_it()
    {
        _ = (await docker.ShellAsync($"docker run --detach --name early --network none --user 1234 -v {Sockets}:/run/spiffe:ro spiffe-agent fetch x509 --watch --output json")).Text;
        try
        {
            await docker.UntilAsync("[ -n \"$(docker logs early 2>/dev/null)\" ]", "docker logs early");
            await docker.StopOnHostAsync();
            await docker.StartOnHostAsync("/run/host-agent");

            CommandResult result = await docker.ShellAsync("docker exec early spiffe-agent fetch x509 --output json");

            X509Fetch.Of(result).HasOneValidSvid("spiffe://example.org/payments");
        }
        finally
        {
            _ = await docker.ShellAsync("docker rm --force early");
        }
    }
}
